using Npgsql;

namespace Carillon.PostgreSql.Tests;

public sealed class CheckedCommitTests : DatabaseTests
{
    [Fact]
    public async Task Run_ShouldFail_WhenAnEarlierStatementFailedAndSomebodyWentOn()
    {
        var connections = Connect(more: "Maximum Pool Size=1");
        await Database.ExecuteAsync("CREATE TABLE shop (id bigint PRIMARY KEY)");
        for (var round = 0; round < 20; round++)
        {
            await using var connection = await connections.OpenAsync(Cancellation);
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await ExecuteAsync(connection, "INSERT INTO shop VALUES (1)");
            await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, "SELECT 1 / 0"));

            var error = await Assert.ThrowsAsync<PostgresException>(() => CheckedCommit.RunAsync(connection, Cancellation));

            var failure = StorageFailure.From(error, "db", atCommit: true);
            Assert.Equal((ErrorCodes.StorageFailed, false), (failure.Code, failure.IsOutcomeUnknown));
        }

        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM shop"));
    }

    [Fact]
    public async Task Run_ShouldCommit_WhenNothingFailed()
    {
        var connections = Connect(more: "Maximum Pool Size=1");
        await Database.ExecuteAsync("CREATE TABLE shop (id bigint PRIMARY KEY)");
        for (var round = 1; round <= 20; round++)
        {
            await using (var connection = await connections.OpenAsync(Cancellation))
            {
                await using var transaction = await connection.BeginTransactionAsync(Cancellation);
                await ExecuteAsync(connection, $"INSERT INTO shop VALUES ({round})");
                await CheckedCommit.RunAsync(connection, Cancellation);
            }

            Assert.Equal(round, await Database.NumberAsync("SELECT count(*) FROM shop"));
        }
    }

    [Fact]
    public async Task Run_ShouldFail_WhenTheCommitItselfIsRefused()
    {
        await Database.ExecuteAsync("CREATE TABLE shop (id bigint PRIMARY KEY, other bigint REFERENCES shop DEFERRABLE INITIALLY DEFERRED)");
        await using var connection = await Connect().OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(connection, "INSERT INTO shop VALUES (1, 2)");

        var error = await Assert.ThrowsAsync<PostgresException>(() => CheckedCommit.RunAsync(connection, Cancellation));

        Assert.False(StorageFailure.From(error, "db", atCommit: true).IsOutcomeUnknown);
        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM shop"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
