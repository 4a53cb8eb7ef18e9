using Carillon.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
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
        await using var database = new SqliteShopDatabase();

        await CreateAsync(database, way);

        var wanted = await TablesAsync(own, "SELECT type || ' ' || tbl_name || ' ' || coalesce(sql, name) FROM sqlite_master WHERE tbl_name LIKE 'carillon_%' ORDER BY 1");
        Assert.True(wanted.Count > 10);
        Assert.Equal(wanted, await TablesAsync(database, "SELECT type || ' ' || tbl_name || ' ' || coalesce(sql, name) FROM sqlite_master WHERE tbl_name LIKE 'carillon_%' ORDER BY 1"));
        Assert.Equal(await TablesAsync(own, "SELECT version FROM carillon_schema ORDER BY 1"), await TablesAsync(database, "SELECT version FROM carillon_schema ORDER BY 1"));
    }

    [Fact]
    public async Task Store_ShouldFindItsTables_WhenAMigrationCreatedThem()
    {
        var database = new SqliteShopDatabase();
        await CreateAsync(database, "EnsureCreated");
        using (var context = MigratedContext.Open(database, SqliteSchema.Versions))
            await context.Database.ExecuteSqlRawAsync("UPDATE carillon_schema SET applied = 7", Cancellation);

        await using var shop = await Shop.OpenAsync(database);

        await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
        await shop.HasPublishedAsync(count: 1);
        Assert.All(await TablesAsync(database, "SELECT applied FROM carillon_schema"), applied => Assert.Equal("7", applied));
    }

    [Fact]
    public async Task AddCarillon_ShouldAddOnlyWhatIsNew_WhenAnEarlierVersionWasMigrated()
    {
        await using var database = new SqliteShopDatabase();
        using var earlier = MigratedContext.Open(database, [.. SqliteSchema.Versions.Take(2)]);
        using var later = MigratedContext.Open(database, SqliteSchema.Versions);
        var differ = later.GetService<IMigrationsModelDiffer>();

        Assert.True(differ.HasDifferences(earlier.Tables, later.Tables));
        Assert.False(differ.HasDifferences(later.Tables, later.Tables));
        Assert.Equal(SqliteSchema.Versions.Skip(2).Select(version => version.Sql), Sql(differ.GetDifferences(earlier.Tables, later.Tables)));
        Assert.Empty(differ.GetDifferences(later.Tables, earlier.Tables));
    }

    [Fact]
    public async Task AddCarillon_ShouldDropTheTables_WhenItIsTakenBack()
    {
        await using var database = new SqliteShopDatabase();
        using var with = MigratedContext.Open(database, SqliteSchema.Versions);
        using var without = MigratedContext.Open(database, []);
        await with.Database.EnsureCreatedAsync(Cancellation);
        var operations = with.GetService<IMigrationsModelDiffer>().GetDifferences(with.Tables, without.Tables);

        Assert.All(operations, operation => Assert.True(operation.IsDestructiveChange));
        foreach (var sql in Sql(operations))
            await with.Database.ExecuteSqlRawAsync(sql, Cancellation);

        Assert.Empty(await TablesAsync(database, "SELECT name FROM sqlite_master WHERE name LIKE 'carillon_%'"));
        Assert.Single(await TablesAsync(database, "SELECT name FROM sqlite_master WHERE name = 'orders'"));
    }

    [Fact]
    public async Task UseCarillon_ShouldRefuse_WhenItComesBeforeTheProvider()
    {
        await using var database = new SqliteShopDatabase();
        var options = new DbContextOptionsBuilder<MigratedContext>().UseCarillon(new ServiceCollection().BuildServiceProvider());
        database.Use(options);

        var error = Assert.Throws<CarillonConfigurationException>(() => new MigratedContext(options.Options, []));

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
    }

    private static async Task CreateAsync(SqliteShopDatabase database, string way)
    {
        await using var context = MigratedContext.Open(database, SqliteSchema.Versions);
        if (way == "EnsureCreated")
            await context.Database.EnsureCreatedAsync(Cancellation);
        else if (way == "Script")
            await context.Database.ExecuteSqlRawAsync(SqliteSchema.Script().Replace("{", "{{", StringComparison.Ordinal), Cancellation);
        else
            await context.MigrateAsync();
    }

    private static IEnumerable<string> Sql(IReadOnlyList<MigrationOperation> operations) => operations.Cast<SqlOperation>().Select(operation => operation.Sql);

    private static async Task<List<string>> TablesAsync(SqliteShopDatabase database, string query)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await using var rows = await command.ExecuteReaderAsync(Cancellation);
        var found = new List<string>();
        while (await rows.ReadAsync(Cancellation))
            found.Add(rows.GetValue(0).ToString()!);
        return found;
    }
}
