namespace Carillon.PostgreSql.Tests;

/// <summary>An administrator, a proxy or a failing network ends connections at whatever moment.</summary>
public sealed class TerminatedBackendTests : DatabaseTests
{
    private const string TerminateAll = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

    [Fact]
    [Trait("Guarantee", "G1")]
    [Trait("Guarantee", "G2")]
    [Trait("Guarantee", "G3")]
    public async Task Traffic_ShouldGoOn_WhenEveryConnectionIsEndedAgainAndAgain()
    {
        await using var traffic = await Traffic.StartAsync(Database);
        var random = new Random(20261122);
        var ended = 0L;
        for (var time = 0; time < 10; time++)
        {
            await traffic.FlowAsync(random.Next(5, 40));
            ended += await Database.NumberAsync(TerminateAll);
        }

        await traffic.DrainAsync();
        await traffic.CheckAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{ended} connections ended, {traffic.Acknowledged} acknowledged, {traffic.Refused} refused");
        Assert.InRange(ended, 20, long.MaxValue);
    }
}
