namespace Carillon.PostgreSql.Tests;

public sealed class SchemaMigrationTests : DatabaseTests
{
    [Fact]
    public async Task Apply_ShouldApplyEachScriptOnce_WhenManyHostsStartAtOnce()
    {
        var partitions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => MigrateAsync(new PostgreSqlOptions { Schema = "shop" })));

        Assert.All(partitions, number => Assert.Equal(16, number));
        Assert.Equal(PostgreSqlSchema.Scripts.Newest, await Database.NumberAsync("SELECT count(*) FROM shop.carillon_schema"));
        Assert.Equal(1, await Database.NumberAsync("SELECT count(*) FROM shop.carillon_database"));
        Assert.Equal(TableNames.All.Length, await Database.NumberAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'shop'"));
    }

    [Fact]
    public async Task Apply_ShouldReadWhatIsThere_WhenTheDatabaseIsSerializableByDefault()
    {
        await Database.ExecuteAsync($"ALTER DATABASE {Database.Name} SET default_transaction_isolation = 'serializable'");

        var partitions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync()));

        Assert.All(partitions, number => Assert.Equal(16, number));
    }

    [Fact]
    public async Task Apply_ShouldKeepTheNumberOfPartitions_WhenConfiguredDifferently()
    {
        await MigrateAsync(new PostgreSqlOptions { Partitions = 3 });
        Assert.Equal(3, await MigrateAsync(new PostgreSqlOptions { Partitions = 16 }));
    }

    [Fact]
    public async Task Apply_ShouldRefuse_WhenTheSchemaIsNewer()
    {
        await MigrateAsync();
        await Database.ExecuteAsync("INSERT INTO carillon_schema (version, applied) VALUES (99, 0)");

        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => MigrateAsync());

        Assert.Equal(ErrorCodes.SchemaTooNew, failure.Code);
        Assert.Contains("99", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_ShouldBringOldTablesToTheNewestVersion_WhenAVersionIsMissing()
    {
        await MigrateAsync();
        await Database.ExecuteAsync("INSERT INTO carillon_messages (partition, topic) VALUES (0, 'kept')");
        await Database.ExecuteAsync("DROP TABLE carillon_outbox, carillon_scheduled; DELETE FROM carillon_schema WHERE version = 4");

        await MigrateAsync();

        Assert.Equal("kept", await Database.TextAsync("SELECT topic FROM carillon_messages"));
        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM carillon_outbox"));
    }

    [Fact]
    public async Task Apply_ShouldSayThatATableIsGone_WhenTheVersionSaysItWasThere()
    {
        await MigrateAsync();
        await Database.ExecuteAsync("DROP TABLE carillon_parked, carillon_inbox");

        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => MigrateAsync());

        Assert.Equal(ErrorCodes.SchemaMissing, failure.Code);
        Assert.Contains("carillon_inbox, carillon_parked", failure.Message, StringComparison.Ordinal);
        Assert.Null(await Database.TextAsync("SELECT to_regclass('carillon_parked')::text"));
    }

    [Theory]
    [InlineData(false, "are missing")]
    [InlineData(true, "have version 3")]
    public async Task Apply_ShouldNameTheScript_WhenItMayNotCreateTables(bool isOld, string found)
    {
        if (isOld)
        {
            await MigrateAsync();
            await Database.ExecuteAsync("DROP TABLE carillon_outbox, carillon_scheduled; DELETE FROM carillon_schema WHERE version = 4");
        }

        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => MigrateAsync(new PostgreSqlOptions { CreateSchema = false }));

        Assert.Equal(ErrorCodes.SchemaMissing, failure.Code);
        Assert.Contains(found, failure.Message, StringComparison.Ordinal);
        Assert.Contains("PostgreSqlSchema.Script(\"public\")", failure.Message, StringComparison.Ordinal);
        Assert.Null(await Database.TextAsync("SELECT to_regclass('carillon_outbox')::text"));
    }

    [Fact]
    public async Task Apply_ShouldSayWhichRightIsMissing_WhenTheRoleMayNotCreateTables()
    {
        await Database.ExecuteAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        var role = $"reader_{Database.Name}";
        await Database.ExecuteAsync($"CREATE ROLE {role} LOGIN");
        try
        {
            var options = new PostgreSqlOptions();
            var failure = await Assert.ThrowsAnyAsync<CarillonException>(() => new SchemaMigration(Connect(options, $"Username={role}"), options).ApplyAsync(Cancellation));

            Assert.Equal(ErrorCodes.StorageFailed, failure.Code);
            Assert.Contains("permission denied for schema public", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            await Database.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Apply_ShouldWaitForOthersOnlyWhereSomethingIsToBeDone_WhenTheyNeverFinish(bool isDone)
    {
        if (isDone)
            await MigrateAsync();
        var options = new PostgreSqlOptions { LockTimeout = TimeSpan.FromMilliseconds(50) };
        await using var other = await Connect().OpenAsync(Cancellation);
        await using var transaction = await other.BeginTransactionAsync(Cancellation);
        await using var hold = new Npgsql.NpgsqlCommand($"SELECT pg_advisory_xact_lock({AdvisoryLocks.Migration("public")})", other);
        await hold.ExecuteNonQueryAsync(Cancellation);

        var failure = await Record.ExceptionAsync(() => MigrateAsync(options));

        Assert.Equal(isDone ? null : ErrorCodes.StorageBusy, (failure as CarillonException)?.Code);
    }
}
