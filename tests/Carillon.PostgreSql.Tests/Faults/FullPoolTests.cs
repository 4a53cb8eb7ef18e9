using System.Collections.Concurrent;
using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>Few connections for many units of work, or none.</summary>
public sealed class FullPoolTests : DatabaseTests
{
    private const int Pool = 4;
    private const string Expiry = "SELECT min(expires) FROM carillon_instances";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);
    private static readonly int Reserved = new PostgreSqlOptions().ReservedConnections;

    [Fact]
    [Trait("Guarantee", "G4")]
    public async Task Host_ShouldOnlyBecomeSlower_WhenThereAreFewConnectionsForManyPublishersAndHandlers()
    {
        const int Publishers = 40;
        const int Each = 5;
        var handled = new ConcurrentDictionary<Moved, bool>();
        await using var host = await ServiceHost.StartAsync("ledger", Through("Timeout=60"), carillon => carillon
            .Subscription(subscription =>
            {
                subscription.Delivery = DeliveryGuarantee.ExactlyOnce;
                subscription.Concurrency = 16;
            })
            .On<Moved>(moved => handled[moved] = true));

        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(async publisher =>
        {
            for (var version = 0; version < Each; version++)
            {
                await using var work = await host.Bus.BeginAsync(cancellation: Cancellation);
                await host.Bus.PublishAsync(new Moved($"account-{publisher}", version), Cancellation);
                await work.CommitAsync(Cancellation);
            }
        }));

        await Eventually.IsTrueAsync(() => handled.Count == Publishers * Each, TimeSpan.FromSeconds(60), "everything is handled");
        Assert.InRange(await Database.NumberAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"), 1, Pool + Reserved + 1);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(3)]
    [Trait("Guarantee", "G2")]
    public async Task Handlers_ShouldNeitherFailNorLoseTheirLease_WhenTheyHoldAllConnections(int pool)
    {
        const int Handlers = 32;
        const int Events = 96;
        var runs = new ConcurrentDictionary<Moved, int>();
        var cancelled = 0;
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await ServiceHost.StartAsync("ledger", $"{Database.ConnectionString};Maximum Pool Size={pool};Timeout=1", carillon => carillon
            .Subscription(subscription =>
            {
                subscription.Delivery = DeliveryGuarantee.ExactlyOnce;
                subscription.Concurrency = Handlers;
            })
            .On<Moved>(async (moved, context) =>
            {
                runs.AddOrUpdate(moved, 1, (_, count) => count + 1);
                using var watch = context.Cancellation.Register(() => Interlocked.Increment(ref cancelled));
                await released.Task.WaitAsync(context.Cancellation);
            }), options => options.LeaseTime = Lease);

        await Task.WhenAll(Enumerable.Range(0, Events).Select(number => host.Bus.PublishAsync(new Moved($"account-{number}", 1), Cancellation).AsTask()));
        await Eventually.IsTrueAsync(() => runs.Count == Math.Min(pool, Handlers), TimeSpan.FromSeconds(60), "handlers hold all connections");
        var before = await Database.NumberAsync(Expiry);
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync(Expiry) > before + (Lease.Ticks * 3), TimeSpan.FromSeconds(60), "the lease is renewed meanwhile");
        released.SetResult();
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM carillon_inbox") == Events, TimeSpan.FromSeconds(90), "everything is handled");

        Assert.Equal((Events, 0), (runs.Values.Sum(), cancelled));
        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM carillon_parked"));
        Assert.False(host.Log.Contain("lost its right to the partitions"), string.Join('\n', host.Log.Lines));
    }

    [Fact]
    public async Task BeginAsync_ShouldSayWhyAndRecover_WhenSomebodyKeepsAllConnections()
    {
        var handled = new ConcurrentQueue<long>();
        await using var host = await ServiceHost.StartAsync("ledger", Through("Timeout=1"), carillon => carillon.On<Moved>(moved => handled.Enqueue(moved.Version)));
        var kept = new List<NpgsqlConnection>();
        for (var taken = 0; taken < Pool; taken++)
            kept.Add(await host.Database.OpenConnectionAsync(Cancellation));

        var failure = await Assert.ThrowsAnyAsync<CarillonException>(() => host.Bus.BeginAsync(cancellation: Cancellation).AsTask());

        Assert.Equal(ErrorCodes.ConnectionsExhausted, failure.Code);
        Assert.Contains("Maximum Pool Size", failure.Message, StringComparison.Ordinal);
        // What is published by itself needs none of them.
        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);
        await Eventually.IsTrueAsync(() => handled.Contains(1), TimeSpan.FromSeconds(40), "the host goes on");
        foreach (var connection in kept)
            await connection.DisposeAsync();
        await using var work = await host.Bus.BeginAsync(cancellation: Cancellation);
    }

    private string Through(string more) => $"{Database.ConnectionString};Maximum Pool Size={Pool};{more}";
}
