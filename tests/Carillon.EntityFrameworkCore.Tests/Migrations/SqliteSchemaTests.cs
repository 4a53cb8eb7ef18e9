using Carillon.Durability;
using Carillon.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Migrations;

/// <summary>Tables that migrations create are those that the store creates, to the letter.</summary>
public sealed class SqliteSchemaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("EnsureCreated")]
    [InlineData("Migrations")]
    [InlineData("Script")]
    public async Task Schema_ShouldBeThatOfTheStore_WhenTablesAreCreatedElsewhere(string way)
    {
        var own = new SqliteShopDatabase();
        await using var shop = await Shop.OpenAsync(own);
        using var database = new SqliteShopDatabase();

        Create(database, way);

        var wanted = Tables(own, "SELECT type || ' ' || tbl_name || ' ' || coalesce(sql, name) FROM sqlite_master WHERE tbl_name LIKE 'carillon_%' ORDER BY 1");
        Assert.True(wanted.Count > 10);
        Assert.Equal(wanted, Tables(database, "SELECT type || ' ' || tbl_name || ' ' || coalesce(sql, name) FROM sqlite_master WHERE tbl_name LIKE 'carillon_%' ORDER BY 1"));
        Assert.Equal(Tables(own, "SELECT version FROM carillon_schema ORDER BY 1"), Tables(database, "SELECT version FROM carillon_schema ORDER BY 1"));
    }

    [Fact]
    public async Task Store_ShouldFindItsTables_WhenAMigrationCreatedThem()
    {
        var database = new SqliteShopDatabase();
        Create(database, "EnsureCreated");
        using (var context = Open(database, SqliteSchema.Versions))
            await context.Database.ExecuteSqlRawAsync("UPDATE carillon_schema SET applied = 7", Cancellation);

        await using var shop = await Shop.OpenAsync(database);

        await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
        await shop.HasPublishedAsync(count: 1);
        Assert.All(Tables(database, "SELECT applied FROM carillon_schema"), applied => Assert.Equal("7", applied));
    }

    [Fact]
    public void AddCarillon_ShouldAddOnlyWhatIsNew_WhenAnEarlierVersionWasMigrated()
    {
        using var database = new SqliteShopDatabase();
        using var earlier = Open(database, [.. SqliteSchema.Versions.Take(2)]);
        using var later = Open(database, SqliteSchema.Versions);
        var differ = later.GetService<IMigrationsModelDiffer>();

        Assert.True(differ.HasDifferences(Model(earlier), Model(later)));
        Assert.False(differ.HasDifferences(Model(later), Model(later)));
        Assert.Equal(SqliteSchema.Versions.Skip(2).Select(version => version.Sql), Sql(differ.GetDifferences(Model(earlier), Model(later))));
        Assert.Empty(differ.GetDifferences(Model(later), Model(earlier)));
    }

    [Fact]
    public void AddCarillon_ShouldDropTheTables_WhenItIsTakenBack()
    {
        using var database = new SqliteShopDatabase();
        using var with = Open(database, SqliteSchema.Versions);
        using var without = Open(database, []);
        with.Database.EnsureCreated();
        var operations = with.GetService<IMigrationsModelDiffer>().GetDifferences(Model(with), Model(without));

        Assert.All(operations, operation => Assert.True(operation.IsDestructiveChange));
        foreach (var sql in Sql(operations))
            with.Database.ExecuteSqlRaw(sql);

        Assert.Empty(Tables(database, "SELECT name FROM sqlite_master WHERE name LIKE 'carillon_%'"));
        Assert.Single(Tables(database, "SELECT name FROM sqlite_master WHERE name = 'orders'"));
    }

    [Fact]
    public void UseCarillon_ShouldRefuse_WhenItComesBeforeTheProvider()
    {
        using var database = new SqliteShopDatabase();
        var options = new DbContextOptionsBuilder<MigratedContext>().UseCarillon(new ServiceCollection().BuildServiceProvider());
        database.Use(options);

        var error = Assert.Throws<CarillonConfigurationException>(() => new MigratedContext(options.Options, []));

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
    }

    private static void Create(SqliteShopDatabase database, string way)
    {
        using var context = Open(database, SqliteSchema.Versions);
        if (way == "EnsureCreated")
            context.Database.EnsureCreated();
        else if (way == "Script")
            context.Database.ExecuteSqlRaw(SqliteSchema.Script().Replace("{", "{{", StringComparison.Ordinal));
        else
            Migrate(context);
    }

    /// <summary>Does what a migration does that was scaffolded from the model.</summary>
    private static void Migrate(MigratedContext context)
    {
        var operations = context.GetService<IMigrationsModelDiffer>().GetDifferences(null, Model(context));
        var commands = context.GetService<IMigrationsSqlGenerator>().Generate(operations, context.GetService<IDesignTimeModel>().Model);
        context.GetService<IMigrationCommandExecutor>().ExecuteNonQuery(commands, context.GetService<Microsoft.EntityFrameworkCore.Storage.IRelationalConnection>());
    }

    private static MigratedContext Open(SqliteShopDatabase database, IReadOnlyList<SchemaScript> scripts)
    {
        var options = new DbContextOptionsBuilder<MigratedContext>();
        database.Use(options);
        return new MigratedContext(options.UseCarillon(new ServiceCollection().BuildServiceProvider()).Options, scripts);
    }

    private static IRelationalModel Model(DbContext context) => context.GetService<IDesignTimeModel>().Model.GetRelationalModel();

    private static IEnumerable<string> Sql(IReadOnlyList<MigrationOperation> operations) => operations.Cast<SqlOperation>().Select(operation => operation.Sql);

    private static List<string> Tables(SqliteShopDatabase database, string query)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read())
            found.Add(rows.GetValue(0).ToString()!);
        return found;
    }
}
