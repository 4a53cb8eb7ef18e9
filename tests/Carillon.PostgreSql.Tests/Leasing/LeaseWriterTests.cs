using System.Globalization;
using Carillon.Relational;
using Carillon.Tests;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>Leases are renewed in time, whatever else the process writes and reads meanwhile and however long that takes.</summary>
public sealed class LeaseWriterTests : DatabaseTests
{
    private const string Expiry = "SELECT min(expires) FROM carillon_instances WHERE gone IS NULL";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    [Fact]
    [Trait("Guarantee", "G2")]
    public async Task Renew_ShouldNotWait_WhenParkedMessagesAreLockedByAnother()
    {
        await using var host = await StartAsync(_ => throw new ArgumentException("It is bad."));
        await using var stranger = await LockAsync("LOCK TABLE carillon_parked IN EXCLUSIVE MODE");
        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'carillon_parked'::regclass") > 0, what: "the message is to be parked");

        await ExpectRenewalAsync(host);
    }

    [Fact]
    [Trait("Guarantee", "G2")]
    public async Task Renew_ShouldNotWait_WhenACursorWaitsForAnother()
    {
        await using var host = await StartAsync(_ => { });
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM carillon_leases WHERE owner IS NOT NULL") > 0, what: "the partitions are taken");
        await using var stranger = await LockAsync("SELECT cursor FROM carillon_leases FOR UPDATE");
        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'") > 0, what: "the cursor is to be written");

        await ExpectRenewalAsync(host);
    }

    [Fact]
    [Trait("Guarantee", "G2")]
    public async Task Renew_ShouldNotWait_WhenReadersHoldAllReservedConnections()
    {
        await using var host = await StartAsync(_ => { });
        var database = await host.Database.OpenAsync(Cancellation);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = 0;
        Task<bool>[] readers = [.. Enumerable.Range(0, 200).Select(_ => database.ReadAsync(released.Task, async (_, released) =>
        {
            Interlocked.Increment(ref holding);
            await released;
            return true;
        }, Cancellation).AsTask())];
        try
        {
            await Eventually.IsTrueAsync(() => Volatile.Read(ref holding) >= database.Options.ReservedConnections - 1, what: "readers hold what there is");
            await ExpectRenewalAsync(host);
        }
        finally
        {
            released.SetResult();
            await Task.WhenAll(readers);
        }
    }

    [Fact]
    [Trait("Guarantee", "G3")]
    public async Task Renew_ShouldComeFromItsOwnThread_WhenTheRoundsDoNotComeToIt()
    {
        await using var host = await StartAsync(_ => { });
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM carillon_leases WHERE owner IS NOT NULL") > 0, what: "the partitions are taken");
        var scope = AdvisoryLocks.Scope("public", LockScope.Leases);
        await using var stranger = await LockAsync($"SELECT pg_advisory_xact_lock({scope.ToString(CultureInfo.InvariantCulture)}, hashtext(subscription::text)) FROM carillon_subscriptions");

        await ExpectRenewalAsync(host);

        var health = await host.CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("did not come to renewing its leases", health.Description, StringComparison.Ordinal);
        await Eventually.IsTrueAsync(() => host.Log.Contain("did not come to renewing its leases"), what: "the log says it too");
    }

    [Fact]
    public async Task Write_ShouldCommitWhatItHas_WhenAGroupTakesLong()
    {
        const int Operations = 60;
        var database = await StartProcess().OpenAsync(Cancellation);
        var executed = 0;
        Task<bool>[] writes = [.. Enumerable.Range(0, Operations).Select(_ => database.WriteAsync(new SlowWrite(() => Interlocked.Increment(ref executed)), Cancellation))];

        await Task.WhenAny(writes[1..]);

        Assert.True(Volatile.Read(ref executed) < Operations, "All were executed before any was committed.");
        await Task.WhenAll(writes);
        Assert.Equal(Operations, executed);
    }

    private async Task ExpectRenewalAsync(ServiceHost host)
    {
        var before = await Database.NumberAsync(Expiry);
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync(Expiry) > before + (Lease.Ticks * 4), TimeSpan.FromSeconds(20), "the lease is renewed meanwhile");
        Assert.False(host.Log.Contain("lost its right to the partitions"), string.Join('\n', host.Log.Lines));
    }

    private Task<ServiceHost> StartAsync(Action<Moved> handle) => ServiceHost.StartAsync(
        "ledger", Database.ConnectionString, carillon => carillon.On(handle).Subscription(subscription => subscription.Retry(retry => retry.DoNotRetry<ArgumentException>())),
        options => (options.LeaseTime, options.LockTimeout, options.CommandTimeout) = (Lease, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)));

    private async Task<NpgsqlConnection> LockAsync(string sql)
    {
        var connection = new NpgsqlConnection($"{Database.ConnectionString};Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"BEGIN; {sql}", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }

    private sealed class SlowWrite(Action executed) : WriteOperation<bool>
    {
        public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
        {
            await session.Prepare("SELECT pg_sleep(0.03)").ExecuteAsync(cancellation);
            executed();
            return true;
        }
    }
}
