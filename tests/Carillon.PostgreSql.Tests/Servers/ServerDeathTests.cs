using System.Globalization;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>The server is killed under load and comes back: nothing is lost, nothing happens twice, and delivery goes on by itself.</summary>
public sealed class ServerDeathTests
{
    private const string Variable = "CARILLON_TEST_SERVER_KILLS";
    private static readonly TimeSpan MostUntilDelivery = TimeSpan.FromSeconds(5);

    /// <summary>How often; the long form is <c>CARILLON_TEST_SERVER_KILLS=50</c>.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 5;

    [Fact]
    [Trait("Guarantee", "G1")]
    [Trait("Guarantee", "G2")]
    [Trait("Guarantee", "G3")]
    public async Task Traffic_ShouldGoOn_WhenTheServerIsKilledAndComesBack()
    {
        await using var server = await PostgreSqlAddress.CreateServerAsync();
        await using var database = await TestDatabase.CreateAsync(server.ConnectionString);
        await using var traffic = await Traffic.StartAsync(database);
        var random = new Random(20261121);
        var waits = new List<TimeSpan>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await traffic.FlowAsync(random.Next(10, 60));
            await server.KillAsync();
            await server.StartAsync();
            var isBack = TimeProvider.System.GetTimestamp();
            await Eventually.IsTrueAsync(() => traffic.LastHandled > isBack, TimeSpan.FromSeconds(60), "something is delivered again");
            waits.Add(TimeProvider.System.GetElapsedTime(isBack, traffic.LastHandled));
        }

        await traffic.DrainAsync();
        await traffic.CheckAsync();
        waits.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Kills} kills, {traffic.Acknowledged} acknowledged, {traffic.Refused} refused; from the server's return to the first delivery: {waits[0].TotalMilliseconds:0} / {waits[waits.Count / 2].TotalMilliseconds:0} / {waits[^1].TotalMilliseconds:0} ms (least, median, most)"));
        Assert.InRange(waits[^1], TimeSpan.Zero, MostUntilDelivery);
        Assert.True(traffic.Refused > 0, "No publication met a dead server: the test shows nothing.");
    }
}
