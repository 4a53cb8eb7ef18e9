using Carillon.Durability;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A context with tables of its own and, unless there are no scripts, Carillon's.</summary>
internal sealed class MigratedContext(DbContextOptions<MigratedContext> options, IReadOnlyList<SchemaScript> scripts) : DbContext(options)
{
    public IReadOnlyList<SchemaScript> Scripts => scripts;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Order>().ToTable("orders");
        if (scripts.Count > 0)
            modelBuilder.AddCarillon(scripts);
    }

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.ReplaceService<IModelCacheKeyFactory, ScriptCountKey>();
}
