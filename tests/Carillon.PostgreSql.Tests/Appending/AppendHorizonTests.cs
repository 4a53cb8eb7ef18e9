using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

public sealed class AppendHorizonTests : DatabaseTests
{
    private const string Table = "carillon_messages";
    private const int Partitions = 16;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await MigrateAsync();
    }

    [Fact]
    public async Task Read_ShouldBeZero_WhenNothingWasEverAppended()
    {
        await using var connection = await Connect().OpenAsync(Cancellation);
        Assert.Equal(0, await AppendHorizon.ReadAsync(connection, "public", Table, Partitions, Cancellation));
    }

    [Fact]
    public async Task Read_ShouldWaitForALowerPosition_WhenTheHigherOneIsOfAnOlderTransaction()
    {
        var connections = Connect();
        await using var older = await connections.OpenAsync(Cancellation);
        await using var olderTransaction = await older.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(older, "SELECT pg_current_xact_id()");
        await using var younger = await connections.OpenAsync(Cancellation);
        await using var youngerTransaction = await younger.BeginTransactionAsync(Cancellation);
        await InsertAsync(younger, 0);
        await InsertAsync(older, 1);
        await CheckedCommit.RunAsync(older, Cancellation);

        // Position 1 is still open, but once the transactions of other tests have ended, nothing about transactions holds back who reads position 2.
        await Eventually.IsTrueAsync(
            async () => await Database.TextAsync("SELECT max(position) FROM carillon_messages WHERE transaction_id < pg_snapshot_xmin(pg_current_snapshot())") == "2",
            what: "the oldest open transaction is the one that appended first");
        await using var connection = await connections.OpenAsync(Cancellation);
        var reading = AppendHorizon.ReadAsync(connection, "public", Table, Partitions, Cancellation);
        await Eventually.IsTrueAsync(async () => await CountWaitingAsync() == 1, what: "it waits");
        Assert.False(reading.IsCompleted);

        await CheckedCommit.RunAsync(younger, Cancellation);

        Assert.Equal(2, await reading);
        Assert.Equal(0, await CountLocksAsync());
    }

    [Fact]
    public async Task Read_ShouldWaitForNobody_WhenALongTransactionAppendsNothing()
    {
        var connections = Connect();
        await using var idle = await connections.OpenAsync(Cancellation);
        await using var open = await idle.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(idle, "SELECT pg_current_xact_id()");
        await AppendAsync(connections, 3);
        await using var connection = await connections.OpenAsync(Cancellation);

        Assert.Equal(1, await AppendHorizon.ReadAsync(connection, "public", Table, Partitions, Cancellation));
    }

    [Fact]
    public async Task Read_ShouldLetNoReaderMissAMessage_WhenManyAppendToAllPartitions()
    {
        const int Writers = 8;
        const int Each = 40;
        var connections = Connect();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each; i++)
                await AppendAsync(connections, (writer + (i * 3)) % Partitions);
        }));

        var (found, last) = (0L, 0L);
        await using var connection = await connections.OpenAsync(Cancellation);
        for (var isLast = false; !isLast;)
        {
            isLast = writing.IsCompleted;
            var upTo = await AppendHorizon.ReadAsync(connection, "public", Table, Partitions, Cancellation);
            await using var command = new NpgsqlCommand("SELECT count(*) FROM public.carillon_messages WHERE position > @last AND position <= @upTo", connection)
            {
                Parameters = { new("last", last), new("upTo", upTo) },
            };
            (found, last) = (found + (long)(await command.ExecuteScalarAsync(Cancellation))!, upTo);
        }

        await writing;
        Assert.Equal(Writers * Each, found);
    }

    private static async Task AppendAsync(PostgreSqlConnections connections, int partition)
    {
        await using var connection = await connections.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await InsertAsync(connection, partition);
        await CheckedCommit.RunAsync(connection, Cancellation);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, int partition)
    {
        await AppendOrder.LockAsync(connection, "public", Table, [partition], TimeSpan.FromMinutes(1), Cancellation);
        await ExecuteAsync(connection, $"INSERT INTO public.carillon_messages (partition) VALUES ({partition})");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
