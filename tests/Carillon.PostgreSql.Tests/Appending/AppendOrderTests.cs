using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

public sealed class AppendOrderTests : DatabaseTests
{
    private const string Table = "carillon_messages";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await MigrateAsync();
    }

    [Fact]
    public async Task Lock_ShouldKeepPositionsInTheOrderOfCommits_WhenATransactionStaysOpen()
    {
        var connections = Connect();
        await using var slow = await connections.OpenAsync(Cancellation);
        await using var open = await slow.BeginTransactionAsync(Cancellation);
        await InsertAsync(slow, 0);

        var waiting = AppendAsync(connections, 0);
        await AppendAsync(connections, 1);
        await Eventually.IsTrueAsync(async () => await CountWaitingAsync() == 1, what: "the other one waits");

        // A reader of the partition sees nothing that it could pass, and the other partition waits for nobody.
        Assert.False(waiting.IsCompleted);
        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM carillon_messages WHERE partition = 0"));
        Assert.Equal(1, await Database.NumberAsync("SELECT count(*) FROM carillon_messages WHERE partition = 1"));
        await CheckedCommit.RunAsync(slow, Cancellation);
        await waiting;
        Assert.Equal(2, await Database.NumberAsync("SELECT count(*) FROM carillon_messages WHERE partition = 0"));
    }

    [Fact]
    public async Task Lock_ShouldLetNoReaderMissAMessage_WhenManyAppendAtOnce()
    {
        const int Writers = 8;
        const int Each = 40;
        var connections = Connect();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reading = ReadByPositionAsync(connections, partition: 0, Writers * Each, done.Token);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            for (var i = 0; i < Each; i++)
                await AppendAsync(connections, 0);
        }));

        // Everything is committed: what the reader has not found when it has read to the end, it has passed.
        await done.CancelAsync();
        Assert.Equal(Writers * Each, await reading);
    }

    [Fact]
    public async Task Lock_ShouldNotDeadlock_WhenPartitionsAreNamedInAnotherOrder()
    {
        var connections = Connect();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 25; i++)
                await AppendAsync(connections, writer % 2 == 0 ? [3, 1, 2, 1] : [2, 3, 1]);
        }));
        Assert.Equal((4 * 25 * 4) + (4 * 25 * 3), await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0, 1)]
    public async Task Lock_ShouldBeFreed_WhenItsHolderDoesNothing(params int[] partitions)
    {
        var connections = Connect();
        await using var dead = await connections.OpenAsync(Cancellation);
        await using var open = await dead.BeginTransactionAsync(Cancellation);
        await LockAsync(dead, partitions, TimeSpan.FromMilliseconds(50));

        await AppendAsync(connections, 0);

        Assert.Equal(1, await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
    }

    private static async Task AppendAsync(PostgreSqlConnections connections, params int[] partitions)
    {
        await using var connection = await connections.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await InsertAsync(connection, partitions);
        await CheckedCommit.RunAsync(connection, Cancellation);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, params int[] partitions)
    {
        await LockAsync(connection, partitions, TimeSpan.FromMinutes(1));
        await using var insert = new NpgsqlCommand("INSERT INTO public.carillon_messages (partition) SELECT unnest(@partitions)", connection)
        {
            Parameters = { new("partitions", partitions) },
        };
        await insert.ExecuteNonQueryAsync(Cancellation);
    }

    private static ValueTask LockAsync(NpgsqlConnection connection, int[] partitions, TimeSpan longestPause) =>
        new AppendOrder(connection, AdvisoryLocks.Partitions("public", Table)).TakeAllAsync(PartitionSet.Of(partitions), longestPause, Cancellation);

    /// <summary>Reads on from the last position that it saw, and once more after it is told to stop.</summary>
    private static async Task<int> ReadByPositionAsync(PostgreSqlConnections connections, int partition, int enough, CancellationToken stopping)
    {
        var (found, last) = (0, 0L);
        while (found < enough)
        {
            var isLast = stopping.IsCancellationRequested;
            await using var connection = await connections.OpenAsync(Cancellation);
            await using var command = new NpgsqlCommand("SELECT position FROM public.carillon_messages WHERE partition = @partition AND position > @last ORDER BY position", connection)
            {
                Parameters = { new("partition", (long)partition), new("last", last) },
            };
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            while (await reader.ReadAsync(Cancellation))
                (found, last) = (found + 1, reader.GetInt64(0));
            if (isLast)
                break;
        }

        return found;
    }
}
