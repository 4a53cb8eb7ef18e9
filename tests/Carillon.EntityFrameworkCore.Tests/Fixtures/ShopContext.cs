using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>The shop's own tables. No two orders have one number.</summary>
public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Order>().HasIndex(order => order.Number).IsUnique();
}
