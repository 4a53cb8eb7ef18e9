using System.Collections.Concurrent;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>Services by way of a real PgBouncer.</summary>
public sealed class PoolerTests : DatabaseTests
{
    private const int Events = 2_000;
    private const int Keys = 200;

    [Theory]
    [InlineData("transaction")]
    [InlineData("session")]
    [Trait("Guarantee", "G2")]
    public async Task Handlers_ShouldRunOncePerEvent_WhenAPoolerIsBeforeTheServer(string mode)
    {
        await using var pooler = await PgBouncer.StartAsync(mode, "default_pool_size=30");
        var runs = new ConcurrentDictionary<Moved, int>();
        await using var host = await StartAsync(pooler.Through(Database.ConnectionString), runs);

        await Task.WhenAll(Enumerable.Range(0, Events).Select(number => host.Bus.PublishAsync(new Moved($"account-{number % Keys}", number), Cancellation).AsTask()));
        await Eventually.IsTrueAsync(() => runs.Count == Events, TimeSpan.FromSeconds(60), "everything is handled");

        Assert.Equal(Events, runs.Values.Sum());
        Assert.False(host.Log.Contain("failed"), string.Join('\n', host.Log.Lines));
    }

    [Fact]
    public async Task Start_ShouldSayWhatIsLostAndFindTheChangesOfOthers_WhenThereIsNoWayToASession()
    {
        await using var pooler = await PgBouncer.StartAsync();
        var runs = new ConcurrentDictionary<Moved, int>();
        await using var host = await StartAsync(pooler.Through(Database.ConnectionString), runs);
        await using var other = await ServiceHost.StartAsync("teller", pooler.Through(Database.ConnectionString), _ => { });

        await other.Bus.PublishAsync(new Moved("a", 1), Cancellation);

        await Eventually.IsTrueAsync(() => runs.Count == 1, TimeSpan.FromSeconds(30), "the other's message is found by looking");
        Assert.Single(host.Log.Lines, line => line.Contains("SessionConnectionString", StringComparison.Ordinal) && line.Contains("1000 ms", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ShouldListen_WhenThereIsAWayToASession()
    {
        await using var pooler = await PgBouncer.StartAsync();
        var runs = new ConcurrentDictionary<Moved, int>();
        await using var host = await StartAsync(pooler.Through(Database.ConnectionString), runs, Direct(Database));
        await using var other = await ServiceHost.StartAsync("teller", pooler.Through(Database.ConnectionString), _ => { }, Direct(Database));

        await other.Bus.PublishAsync(new Moved("a", 1), Cancellation);

        // Nobody looks by itself for a minute.
        await Eventually.IsTrueAsync(() => runs.Count == 1, TimeSpan.FromSeconds(30), "the other's message is announced");
        Assert.True(host.Log.Contain("notifications are received from"));
    }

    [Fact]
    public async Task Start_ShouldRefuse_WhenTheWayToASessionIsAPoolerToo()
    {
        await using var pooler = await PgBouncer.StartAsync();

        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() =>
            ServiceHost.StartAsync("ledger", Database.ConnectionString, _ => { }, options => options.SessionConnectionString = pooler.Through(Database.ConnectionString)));

        Assert.Contains("SessionConnectionString", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ShouldRefuse_WhenTheWayToASessionLeadsToAnotherDatabase()
    {
        await using var elsewhere = await TestDatabase.CreateAsync();

        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() =>
            ServiceHost.StartAsync("ledger", Database.ConnectionString, _ => { }, Direct(elsewhere)));

        Assert.Contains("SessionConnectionString", failure.Message, StringComparison.Ordinal);
    }

    private static Task<ServiceHost> StartAsync(string connectionString, ConcurrentDictionary<Moved, int> runs, Action<PostgreSqlOptions>? options = null) =>
        ServiceHost.StartAsync("ledger", connectionString, carillon => carillon
            .Subscription(subscription =>
            {
                subscription.Delivery = DeliveryGuarantee.ExactlyOnce;
                subscription.Concurrency = 16;
            })
            .On<Moved>(moved => runs.AddOrUpdate(moved, 1, (_, count) => count + 1)), options);

    private static Action<PostgreSqlOptions> Direct(TestDatabase database) => options =>
    {
        options.SessionConnectionString = database.ConnectionString;
        options.PollInterval = TimeSpan.FromMinutes(1);
    };
}
