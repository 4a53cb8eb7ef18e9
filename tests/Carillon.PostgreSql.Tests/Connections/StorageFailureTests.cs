using System.Net;
using System.Net.Sockets;
using Carillon.Relational;
using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

public sealed class StorageFailureTests : DatabaseTests
{
    [Fact]
    public async Task From_ShouldSayThatThePoolIsEmpty_WhenNoConnectionComesBack()
    {
        var connections = Connect(more: "Maximum Pool Size=1;Timeout=1");
        await using var held = await connections.OpenAsync(Cancellation);

        var failure = await Assert.ThrowsAsync<StorageFailedException>(async () => await connections.OpenAsync(Cancellation));

        Assert.Equal(ErrorCodes.ConnectionsExhausted, failure.Code);
        Assert.Contains("Maximum Pool Size", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task From_ShouldSayThatTheServerIsFull_WhenItHasNoConnectionLeft()
    {
        await using var server = await PostgreSqlAddress.CreateServerAsync("max_connections=4", "superuser_reserved_connections=0", "max_wal_senders=0");
        await using var connections = new PostgreSqlConnections(server.ConnectionString, new PostgreSqlOptions());
        var held = new List<NpgsqlConnection>();

        var failure = await Assert.ThrowsAsync<StorageFailedException>(async () =>
        {
            while (held.Count < 5)
                held.Add(await connections.OpenAsync(Cancellation));
        });
        foreach (var connection in held)
            await connection.DisposeAsync();

        Assert.Equal(ErrorCodes.ConnectionsExhausted, failure.Code);
        Assert.Contains("max_connections", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_ShouldSayThatTheServerCannotBeReached_WhenNobodyListens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var connections = new PostgreSqlConnections($"Host=127.0.0.1;Port={port};Username=me;Database=shop", new PostgreSqlOptions());

        var failure = await Assert.ThrowsAsync<StorageFailedException>(async () => await connections.OpenAsync(Cancellation));

        Assert.Equal((ErrorCodes.StorageFailed, true, true, false), (failure.Code, failure.IsTransient, failure.ConcernsAll, failure.IsOutcomeUnknown));
        Assert.Contains($"127.0.0.1:{port}/shop", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Database=nowhere_at_all", "CRL1001", "does not exist")]
    [InlineData("Username=nobody_at_all", "CRL1001", "does not exist")]
    public async Task From_ShouldBlameTheConnectionString_WhenItNamesWhatIsNotThere(string more, string code, string words)
    {
        var connections = Connect(more: more);

        var failure = await Assert.ThrowsAsync<StorageFailedException>(async () => await connections.OpenAsync(Cancellation));

        Assert.Equal((code, false), (failure.Code, failure.IsTransient));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task From_ShouldLeaveTheOutcomeOpen_WhenTheConnectionBrokeWithTheCommit(bool atCommit)
    {
        await using var connection = await Connect().OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await Database.ExecuteAsync($"SELECT pg_terminate_backend({connection.ProcessID})");

        var error = await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync(Cancellation));

        Assert.True(StorageFailure.Explains(error), error.ToString());
        var failure = StorageFailure.From(error, "db", atCommit);
        Assert.Equal((ErrorCodes.StorageFailed, atCommit, true, true), (failure.Code, failure.IsOutcomeUnknown, failure.IsTransient, failure.ConcernsAll));
    }

    [Fact]
    public async Task From_ShouldLeaveTheOutcomeOpen_WhenTheServerWasKilledBeforeTheCommit()
    {
        await using var server = await PostgreSqlAddress.CreateServerAsync();
        await using var connections = new PostgreSqlConnections(server.ConnectionString, new PostgreSqlOptions());
        await using var connection = await connections.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await server.KillAsync();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync(Cancellation));

        Assert.True(StorageFailure.Explains(error), error.ToString());
        Assert.True(StorageFailure.From(error, "db", atCommit: true).IsOutcomeUnknown);
    }

    [Theory]
    [InlineData("SET lock_timeout = '20ms'; ALTER TABLE shop ADD name text", "CRL5002", true, false)]
    [InlineData("SET statement_timeout = '20ms'; SELECT pg_sleep(60)", "CRL5002", true, false)]
    [InlineData("SELECT 1 FROM carillon_messages", "CRL1010", false, true)]
    [InlineData("SELECT nothing FROM shop", "CRL1010", false, true)]
    [InlineData("INSERT INTO shop VALUES (1), (1)", "CRL5001", false, false)]
    [InlineData("SELECT convert_from('\\x00', 'UTF8')", "CRL2009", false, false)]
    [InlineData("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", "CRL5002", true, false)]
    [InlineData("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$", "CRL5002", true, false)]
    [InlineData("DO $$ BEGIN RAISE SQLSTATE '53100'; END $$", "CRL5001", true, true)]
    [InlineData("DO $$ BEGIN RAISE SQLSTATE '54000'; END $$", "CRL2003", false, false)]
    public async Task From_ShouldKnowWhatHelps_WhenTheServerReportsAnError(string sql, string code, bool isTransient, bool concernsAll)
    {
        await using var other = await Connect().OpenAsync(Cancellation);
        await using (var prepare = new NpgsqlCommand("CREATE TABLE shop (id bigint PRIMARY KEY)", other))
            await prepare.ExecuteNonQueryAsync(Cancellation);
        await using var transaction = await other.BeginTransactionAsync(Cancellation);
        await using (var hold = new NpgsqlCommand("LOCK TABLE shop IN SHARE UPDATE EXCLUSIVE MODE", other))
            await hold.ExecuteNonQueryAsync(Cancellation);
        await using var connection = await Connect().OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);

        var failure = StorageFailure.From(await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation)), "db", atCommit: true);

        Assert.Equal((code, isTransient, concernsAll, false), (failure.Code, failure.IsTransient, failure.ConcernsAll, failure.IsOutcomeUnknown));
        Assert.Contains("db: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_ShouldSayThatTheTransactionWasLeftOpen_WhenTheServerEndedIt()
    {
        await using var connection = await Connect().OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var limit = new NpgsqlCommand(TransactionLimits.IdleTimeout(TimeSpan.FromMilliseconds(20)), connection))
            await limit.ExecuteNonQueryAsync(Cancellation);
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync($"SELECT count(*) FROM pg_stat_activity WHERE pid = {connection.ProcessID}") == 0, what: "the server ended it");

        var error = await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync(Cancellation));

        var failure = StorageFailure.From(error, "db", atCommit: true);
        Assert.Equal((ErrorCodes.StorageBusy, false), (failure.Code, failure.IsOutcomeUnknown));
    }
}
