using System.Collections.Concurrent;
using Carillon.Tests;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.PostgreSql.Tests;

/// <summary>Somebody drops or locks away what a running host needs: it says so, and goes on by itself when it is back.</summary>
public sealed class MissingTableTests : DatabaseTests
{
    private readonly ConcurrentQueue<Moved> _handled = new();

    [Theory]
    [InlineData("carillon_messages", "ledger cannot receive from")]
    [InlineData("carillon_leases", "ledger could not renew its right to read")]
    [InlineData("carillon_parked", "How subscription ledger is cannot be told: CarillonException: CRL4001: The parked messages in")]
    [InlineData("carillon_inbox", null)]
    public async Task Host_ShouldReportAndGoOn_WhenATableIsGoneForAWhile(string table, string? finding)
    {
        await using var host = await ServiceHost.StartAsync("ledger", Database.ConnectionString, Handle);
        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);
        await Eventually.IsTrueAsync(() => _handled.Count == 1, what: "the first one is handled");

        await Database.ExecuteAsync($"ALTER TABLE {table} RENAME TO elsewhere");
        var failure = await Record.ExceptionAsync(() => host.Bus.PublishAsync(new Moved("a", 2), Cancellation).AsTask());
        await Eventually.IsTrueAsync(() => host.Log.Contain(table), what: "the host says which table is missing");
        if (table == "carillon_messages")
            Assert.Contains(table, Assert.IsType<PublishFailedException>(failure).Message, StringComparison.Ordinal);
        else
            Assert.Null(failure);
        if (finding is not null)
            await Eventually.IsTrueAsync(async () => (await host.CheckHealthAsync()).Description?.Contains(finding, StringComparison.Ordinal) ?? false, TimeSpan.FromSeconds(40), "health names what fails");
        await Database.ExecuteAsync($"ALTER TABLE elsewhere RENAME TO {table}");

        await host.Bus.PublishAsync(new Moved("a", 3), Cancellation);
        await Eventually.IsTrueAsync(() => _handled.Any(moved => moved.Version == 3), TimeSpan.FromSeconds(40), "the host goes on");
        Assert.Equal(failure is null ? [1, 2, 3] : [1, 3], _handled.Select(moved => (int)moved.Version).Distinct());
        await Eventually.IsTrueAsync(async () => (await host.CheckHealthAsync()).Status == HealthStatus.Healthy, TimeSpan.FromSeconds(40), "health is good again");
    }

    [Fact]
    public async Task Host_ShouldGoOn_WhenEveryIndexThatIsNotAConstraintIsDropped()
    {
        var failed = new ConcurrentDictionary<Moved, bool>();
        await using var host = await ServiceHost.StartAsync("ledger", Database.ConnectionString, carillon => carillon.On<Moved>(moved =>
        {
            if (failed.TryAdd(moved, true))
                throw new InvalidOperationException("The first attempts fail.");
            _handled.Enqueue(moved);
        }).Subscription(subscription => subscription.Retry(retry => retry.ImmediateAttempts = 1)));
        await Database.ExecuteAsync(
            """
            DROP INDEX carillon_messages_order, carillon_commands_subscription, carillon_instances_subscription, carillon_parked_order,
                carillon_parked_heads, carillon_parked_due, carillon_parked_since, carillon_parked_claims, carillon_parked_replays, carillon_parked_dead, carillon_parked_listed,
                carillon_parked_codes
            """);

        for (var version = 1; version <= 10; version++)
            await host.Bus.PublishAsync(new Moved("a", version), Cancellation);

        await Eventually.IsTrueAsync(() => _handled.Count == 10, what: "everything is handled, only slower");
        Assert.Equal(Enumerable.Range(1, 10), _handled.Select(moved => (int)moved.Version));
    }

    private void Handle(ICarillonBuilder carillon) => carillon
        .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
        .On<Moved>(_handled.Enqueue);
}
