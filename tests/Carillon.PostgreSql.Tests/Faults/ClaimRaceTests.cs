using System.Collections.Concurrent;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>Two hosts want the same parked messages at the same time: each is handed to one of them.</summary>
public sealed class ClaimRaceTests : DatabaseTests
{
    [Fact]
    public async Task Claim_ShouldHaveOneWinner_WhenTwoHostsTakeWhatIsDue()
    {
        const int Messages = 60;
        var attempts = new ConcurrentDictionary<Moved, int>();
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        for (var account = 1; account <= Messages; account++)
            await one.Bus.PublishAsync(new Moved($"account-{account}", 1), Cancellation);

        await Eventually.IsTrueAsync(() => attempts.Count == Messages && attempts.Values.All(count => count >= 2), TimeSpan.FromSeconds(60), "everything is handled at its second attempt");
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM carillon_parked") == 0, what: "nothing is parked any more");
        Assert.All(attempts.Values, count => Assert.Equal(2, count));

        Task<ServiceHost> StartAsync() => ServiceHost.StartAsync("ledger", Database.ConnectionString, carillon => carillon
            .On<Moved>(moved =>
            {
                if (attempts.AddOrUpdate(moved, 1, (_, count) => count + 1) == 1)
                    throw new InvalidOperationException("The first attempts fail.");
            })
            .Subscription(subscription => subscription.Retry(retry => retry.ImmediateAttempts = 1)), postgres => postgres.LeaseTime = TimeSpan.FromSeconds(30));
    }
}
