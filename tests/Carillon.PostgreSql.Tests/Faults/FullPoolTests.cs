using System.Collections.Concurrent;
using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>A pool of four connections for everything that a host does.</summary>
public sealed class FullPoolTests : DatabaseTests
{
    private const int Pool = 4;

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
        Assert.InRange(await Database.NumberAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"), 1, Pool + 1);
    }

    [Fact]
    public async Task PublishAsync_ShouldSayWhyAndRecover_WhenSomebodyKeepsAllConnections()
    {
        var handled = new ConcurrentQueue<long>();
        await using var host = await ServiceHost.StartAsync("ledger", Through("Timeout=1"), carillon => carillon.On<Moved>(moved => handled.Enqueue(moved.Version)));
        var kept = new List<NpgsqlConnection>();
        await Eventually.IsTrueAsync(() => TakeAsync(host, kept), TimeSpan.FromSeconds(40), "all connections are taken");

        var failure = await Assert.ThrowsAsync<PublishFailedException>(() => host.Bus.PublishAsync(new Moved("a", 1), Cancellation).AsTask());

        Assert.False(failure.IsOutcomeUnknown);
        Assert.Contains("Maximum Pool Size", failure.Message, StringComparison.Ordinal);
        foreach (var connection in kept)
            await connection.DisposeAsync();
        await host.Bus.PublishAsync(new Moved("a", 2), Cancellation);
        await Eventually.IsTrueAsync(() => handled.Contains(2), TimeSpan.FromSeconds(40), "the host goes on");
    }

    private static async ValueTask<bool> TakeAsync(ServiceHost host, List<NpgsqlConnection> kept)
    {
        try
        {
            kept.Add(await host.Database.OpenConnectionAsync(Cancellation));
        }
        catch (CarillonException e) when (e.Code == ErrorCodes.ConnectionsExhausted)
        {
            // The host had one itself for a moment.
        }

        return kept.Count == Pool;
    }

    private string Through(string more) => $"{Database.ConnectionString};Maximum Pool Size={Pool};{more}";
}
