using Carillon.PostgreSql;
using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Carillon.EntityFrameworkCore.Tests.Migrations;

/// <summary>Tables that migrations create are those that the store creates: columns, their types, what is checked, and indexes.</summary>
public sealed class PostgreSqlSchemaTests : IAsyncLifetime
{
    private readonly PostgreSqlShopDatabase _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _database.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("EnsureCreated", "public")]
    [InlineData("Migrations", "public")]
    [InlineData("Migrations", "Shop_2")]
    public async Task Schema_ShouldBeThatOfTheStore_WhenTablesAreCreatedElsewhere(string way, string schema)
    {
        await using var context = MigratedContext.Open(_database, PostgreSqlSchema.Versions(schema));
        if (way == "EnsureCreated")
            await context.Database.EnsureCreatedAsync(Cancellation);
        else
            await context.MigrateAsync();
        await _database.Server.ExecuteAsync(PostgreSqlSchema.Script("other"));

        foreach (var part in (string[])[Columns, Constraints, Indexes, Versions])
            Assert.Equal(await DescribeAsync(part, "other"), await DescribeAsync(part, schema));
    }

    [Fact]
    public async Task Store_ShouldFindItsTables_WhenAMigrationCreatedThem()
    {
        var database = new PostgreSqlShopDatabase { MayCreateTables = false };
        await database.CreateAsync();
        await using (var context = MigratedContext.Open(database, PostgreSqlSchema.Versions()))
            await context.MigrateAsync();
        await database.Server.ExecuteAsync("UPDATE carillon_schema SET applied = 7");
        await database.Server.ExecuteAsync("CREATE TABLE \"Orders\" (\"Id\" uuid PRIMARY KEY, \"Customer\" text, \"Number\" int, \"Total\" numeric)");

        await using var shop = await Shop.OpenAsync(database);

        await shop.HasAsync(stored: [], published: []);
        Assert.Equal(0, await database.Server.NumberAsync("SELECT count(*) FROM carillon_schema WHERE applied <> 7"));
    }

    [Fact]
    public async Task Store_ShouldWaitForTheMigration_WhenItStartsMeanwhile()
    {
        var database = new PostgreSqlShopDatabase();
        await database.CreateAsync();
        await using var context = MigratedContext.Open(database, PostgreSqlSchema.Versions());
        await using var migration = await context.Database.BeginTransactionAsync(Cancellation);
        foreach (var version in PostgreSqlSchema.Versions())
            await context.Database.ExecuteSqlRawAsync(version.Sql, Cancellation);

        var opening = Shop.OpenAsync(database);
        await Eventually.IsTrueAsync(async () => await database.Server.NumberAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") > 0);
        await migration.CommitAsync(Cancellation);

        await using var shop = await opening;
        await shop.HasAsync(stored: [], published: []);
    }

    [Fact]
    public async Task AddCarillon_ShouldAddOnlyWhatIsNew_WhenAnEarlierVersionWasMigrated()
    {
        var versions = PostgreSqlSchema.Versions("Shop_2");
        await using var earlier = MigratedContext.Open(_database, [.. versions.Take(2)]);
        await using var later = MigratedContext.Open(_database, versions);
        var differ = later.GetService<IMigrationsModelDiffer>();
        await earlier.MigrateAsync();

        var operations = differ.GetDifferences(earlier.Tables, later.Tables);
        await RunAsync(operations);

        Assert.Equal(versions.Skip(2).Select(version => version.Sql), operations.Cast<SqlOperation>().Select(operation => operation.Sql));
        Assert.Equal(versions.Count, await _database.Server.NumberAsync("SELECT count(*) FROM \"Shop_2\".carillon_schema"));
    }

    [Fact]
    public async Task AddCarillon_ShouldDropTheTables_WhenItIsTakenBack()
    {
        await using var with = MigratedContext.Open(_database, PostgreSqlSchema.Versions("Shop_2"));
        await using var without = MigratedContext.Open(_database, []);
        await with.MigrateAsync();
        Assert.Equal(15, await CountTablesAsync());

        await RunAsync(with.GetService<IMigrationsModelDiffer>().GetDifferences(with.Tables, without.Tables));

        Assert.Equal(0, await CountTablesAsync());
        Assert.Equal(1, await _database.Server.NumberAsync("SELECT count(*) FROM pg_tables WHERE tablename = 'orders'"));
    }

    private const string Columns =
        "SELECT concat_ws(' ', table_name, ordinal_position, column_name, data_type, is_nullable, collation_name, column_default, is_identity, identity_generation) FROM information_schema.columns WHERE table_schema = '{0}' AND table_name LIKE 'carillon%'";

    private const string Constraints =
        "SELECT concat_ws(' ', relname, conname, pg_get_constraintdef(c.oid), array_to_string(reloptions, ' ')) FROM pg_constraint c JOIN pg_class t ON t.oid = conrelid WHERE relname LIKE 'carillon%' AND connamespace = '\"{0}\"'::regnamespace";

    private const string Indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = '{0}' AND tablename LIKE 'carillon%'";

    private const string Versions = "SELECT version::text FROM \"{0}\".carillon_schema";

    private async Task<string[]> DescribeAsync(string part, string schema)
    {
        var query = part.Replace("{0}", schema, StringComparison.Ordinal);
        var text = await _database.Server.TextAsync($"SELECT string_agg(line, E'\\n' ORDER BY line COLLATE \"C\") FROM ({query}) AS found (line)");
        return text!.Replace($"\"{schema}\".", "", StringComparison.Ordinal).Replace($"{schema}.", "", StringComparison.Ordinal).Split('\n');
    }

    private async Task RunAsync(IEnumerable<MigrationOperation> operations)
    {
        foreach (var operation in operations.Cast<SqlOperation>())
            await _database.Server.ExecuteAsync(operation.Sql);
    }

    private Task<long> CountTablesAsync() => _database.Server.NumberAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'Shop_2'");
}
