using Microsoft.EntityFrameworkCore;

namespace Carillon.Benchmarks;

/// <summary>The shop's tables for Entity Framework Core.</summary>
public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    public DbSet<Reservation> Reservations => Set<Reservation>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(ShopTables.Schema);
        modelBuilder.Entity<Order>(order => Map(order.ToTable("orders")));
        modelBuilder.Entity<Reservation>(reservation => Map(reservation.ToTable("reservations")));
    }

    private static void Map<TRow>(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<TRow> row)
        where TRow : Row
    {
        row.Property(static each => each.Id).HasColumnName("id");
        row.Property(static each => each.Number).HasColumnName("number");
        row.Property(static each => each.Total).HasColumnName("total");
    }
}
