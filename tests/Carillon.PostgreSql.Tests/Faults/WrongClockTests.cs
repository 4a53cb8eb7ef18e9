using System.Collections.Concurrent;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>Leases and times that messages wait for go by the clock of the server, however wrong those of the machines are.</summary>
public sealed class WrongClockTests : DatabaseTests
{
    [Fact]
    public async Task Delivery_ShouldGoByTheServersClock_WhenTheClocksOfTheHostsAreAnHourOff()
    {
        var handled = new ConcurrentQueue<(string Host, Moved Moved)>();
        var failed = new ConcurrentDictionary<Moved, bool>();
        await using var early = await StartAsync("early", TimeSpan.FromHours(-1));
        await using var late = await StartAsync("late", TimeSpan.FromHours(1));
        for (var version = 1; version <= 10; version++)
        {
            for (var account = 1; account <= 8; account++)
                await (version % 2 == 0 ? early : late).Bus.PublishAsync(new Moved($"account-{account}", version), Cancellation);
        }

        await Eventually.IsTrueAsync(() => handled.Count >= 80, TimeSpan.FromSeconds(60), "everything is handled, after a failure each, and none of it an hour late");

        Assert.Equal(80, handled.Select(one => one.Moved).Distinct().Count());
        Assert.All(handled.GroupBy(one => one.Moved.Account), account => Assert.Equal(account.Select(one => one.Moved.Version).Order(), account.Select(one => one.Moved.Version)));
        Assert.Equal(2, await Database.NumberAsync("SELECT count(*) FROM carillon_instances"));
        Assert.Equal(["early", "late"], handled.Select(one => one.Host).Distinct().Order(StringComparer.Ordinal));

        Task<ServiceHost> StartAsync(string name, TimeSpan shift) => ServiceHost.StartAsync("ledger", Database.ConnectionString, carillon => carillon
            .On<Moved>(moved =>
            {
                if (moved.Version == 1 && failed.TryAdd(moved, true))
                    throw new InvalidOperationException("The first attempts fail.");
                handled.Enqueue((name, moved));
            })
            .Subscription(subscription => subscription.Retry(retry => retry.ImmediateAttempts = 1)), time: new ShiftedTime(shift));
    }
}
