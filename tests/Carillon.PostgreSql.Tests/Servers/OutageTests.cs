using System.Collections.Concurrent;
using System.Data.Common;
using Carillon.Tests;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.PostgreSql.Tests;

/// <summary>A server that goes away, is away at start, or stands still.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_ShouldSayTheOutageOnceAndItsEndOnce_WhenTheServerIsAway()
    {
        await using var server = await PostgreSqlAddress.CreateServerAsync();
        await using var database = await TestDatabase.CreateAsync(server.ConnectionString);
        var handled = new ConcurrentQueue<long>();
        await using var host = await ServiceHost.StartAsync("ledger", database.ConnectionString, carillon => carillon.On<Moved>(moved => handled.Enqueue(moved.Version)));
        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);
        await Eventually.IsTrueAsync(() => handled.Contains(1), Bound, "the host works");

        await server.KillAsync();
        await Eventually.IsTrueAsync(async () => await FailsAsync(host), Bound, "the host notices");
        // Long enough for every loop to meet the outage several times.
        for (var meeting = 0; meeting < 20; meeting++)
            Assert.True(await FailsAsync(host));
        await server.StartAsync();
        await Eventually.IsTrueAsync(async () => !await FailsAsync(host), Bound, "the host works again");
        await Eventually.IsTrueAsync(() => handled.Contains(2), Bound, "what was published meanwhile is handled");

        Assert.Single(host.Log.Lines, line => line.Contains("cannot be reached.", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(() => host.Log.Contain("is reached again after"), Bound, "the end is said");
        Assert.Single(host.Log.Lines, line => line.Contains("is reached again after", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains("Work on ", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains("Notifications of", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CheckHealth_ShouldFollowTheServer_WhenItIsAwayOrStandsStill(bool isKilled)
    {
        await using var server = await PostgreSqlAddress.CreateServerAsync();
        await using var database = await TestDatabase.CreateAsync(server.ConnectionString);
        await using var host = await ServiceHost.StartAsync("ledger", database.ConnectionString, carillon => carillon.On<Moved>(_ => { }));
        Assert.Equal(HealthStatus.Healthy, (await host.CheckHealthAsync()).Status);

        await (isKilled ? server.KillAsync() : server.PauseAsync());
        HealthReportEntry report = default;
        await Eventually.IsTrueAsync(
            async () => (report = await host.CheckHealthAsync()) is { Status: HealthStatus.Unhealthy, Description: { } text } && (!isKilled || text.Contains("cannot be reached, since", StringComparison.Ordinal)),
            Bound, "health is bad");
        Assert.InRange(report.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await (isKilled ? server.StartAsync() : server.ResumeAsync());

        await Eventually.IsTrueAsync(async () => (await host.CheckHealthAsync()).Status == HealthStatus.Healthy, Bound, "health is good again");
    }

    [Fact]
    public async Task Start_ShouldWaitAndSayIt_WhenTheServerStartsLater()
    {
        await using var server = await PostgreSqlAddress.CreateServerAsync();
        await using var database = await TestDatabase.CreateAsync(server.ConnectionString);
        await server.KillAsync();
        var log = new LogLines();

        var starting = ServiceHost.StartAsync("ledger", database.ConnectionString, _ => { }, log: log);
        await Eventually.IsTrueAsync(() => log.Contain("the start waits for it"), Bound, "the waiting is said");
        await server.StartAsync();
        await using var host = await starting;

        Assert.Single(log.Lines, line => line.Contains("the start waits for it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ShouldFailWithWhatToDo_WhenTheServerStaysAway()
    {
        var failure = await Assert.ThrowsAnyAsync<CarillonException>(() => ServiceHost.StartAsync(
            "ledger", "Host=127.0.0.1;Port=1;Username=me;Database=shop", _ => { }, options => options.StartupPatience = TimeSpan.FromMilliseconds(200)));

        Assert.Equal(ErrorCodes.StorageFailed, failure.Code);
        Assert.Contains("StartupPatience", failure.Message, StringComparison.Ordinal);
    }

    /// <param name="inTheDatabase">Whether the handler waits for a statement when the server stops answering, or for something else.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Guarantee", "G7")]
    public async Task StopAsync_ShouldEndByItsDeadline_WhenTheServerStandsStill(bool inTheDatabase)
    {
        var grace = TimeSpan.FromSeconds(3);
        await using var server = await PostgreSqlAddress.CreateServerAsync();
        await using var database = await TestDatabase.CreateAsync(server.ConnectionString);
        var begun = new TaskCompletionSource();
        var host = await ServiceHost.StartAsync("ledger", database.ConnectionString, carillon => carillon
            .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
            .On<Moved>(async (_, context) =>
            {
                begun.TrySetResult();
                if (inTheDatabase)
                    await SleepAsync(context.UnitOfWork.Connection, context.Cancellation);
                else
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.Cancellation);
            }));
        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);
        await begun.Task.WaitAsync(Bound, Cancellation);
        await server.PauseAsync();
        var publishing = FailsAsync(host);
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            await host.StopAsync(grace);
            var stopped = TimeProvider.System.GetElapsedTime(began);
            await host.DisposeAsync();
            var disposed = TimeProvider.System.GetElapsedTime(began);

            // A second for what hears of the deadline, two for closing, and something for a machine that has other things to do.
            Assert.InRange(stopped, TimeSpan.Zero, grace + TimeSpan.FromSeconds(5));
            Assert.InRange(disposed, TimeSpan.Zero, grace + TimeSpan.FromSeconds(10));
        }
        finally
        {
            await server.ResumeAsync();
            await publishing;
        }
    }

    private static async Task SleepAsync(DbConnection connection, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT pg_sleep(1000)";
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<bool> FailsAsync(ServiceHost host)
    {
        try
        {
            await host.Bus.PublishAsync(new Moved("a", 2), Cancellation);
            return false;
        }
        catch (CarillonException)
        {
            return true;
        }
    }
}
