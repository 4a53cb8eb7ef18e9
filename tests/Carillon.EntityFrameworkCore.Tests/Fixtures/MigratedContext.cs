using Carillon.Durability;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A context with tables of its own and, unless there are no scripts, Carillon's.</summary>
internal sealed class MigratedContext(DbContextOptions<MigratedContext> options, IReadOnlyList<SchemaScript> scripts) : DbContext(options)
{
    public IReadOnlyList<SchemaScript> Scripts => scripts;

    /// <summary>What migrations know of the model.</summary>
    public IRelationalModel Tables => Design.GetRelationalModel();

    private IModel Design => this.GetService<IDesignTimeModel>().Model;

    public static MigratedContext Open(ShopDatabase database, IReadOnlyList<SchemaScript> scripts)
    {
        var options = new DbContextOptionsBuilder<MigratedContext>();
        database.Use(options);
        return new MigratedContext(options.UseCarillon(new ServiceCollection().BuildServiceProvider()).Options, scripts);
    }

    /// <summary>Does what a migration does that was scaffolded from the model.</summary>
    public Task MigrateAsync()
    {
        var operations = this.GetService<IMigrationsModelDiffer>().GetDifferences(null, Tables);
        var commands = this.GetService<IMigrationsSqlGenerator>().Generate(operations, Design);
        return this.GetService<IMigrationCommandExecutor>().ExecuteNonQueryAsync(
            commands, this.GetService<IRelationalConnection>(), TestContext.Current.CancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Order>().ToTable("orders");
        if (scripts.Count > 0)
            modelBuilder.AddCarillon(scripts);
    }

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.ReplaceService<IModelCacheKeyFactory, ScriptsKey>();
}
