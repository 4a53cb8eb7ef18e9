using System.Collections.Concurrent;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>The server's disk fills up; it may refuse, or end itself because it cannot write its log.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Guarantee", "G1")]
    public async Task PublishAsync_ShouldRefuseAndRecover_WhenTheServersDiskIsFull()
    {
        PostgreSqlAddress.DemandPrograms();
        await using var server = await PostgreSqlServer.CreateOnSmallDiskAsync(megabytes: 150);
        Assert.SkipWhen(server is null, "Mounting a small disk is not allowed here.");
        await using var database = await TestDatabase.CreateAsync(server.ConnectionString);
        var handled = new ConcurrentDictionary<long, bool>();
        await using var bank = await ServiceHost.StartAsync("bank", database.ConnectionString, _ => { });
        await using var ledger = await ServiceHost.StartAsync("ledger", database.ConnectionString, carillon => carillon.On<Heavy>(heavy => handled[heavy.Version] = true));
        var ballast = server.FillDisk(leaveMegabytes: 3);

        var stored = 0L;
        var failure = await Assert.ThrowsAsync<PublishFailedException>(async () =>
        {
            for (; stored < 10_000; stored++)
                await bank.Bus.PublishAsync(new Heavy("a", stored, new string('x', 60_000)), Cancellation);
        });

        Assert.Contains(failure.Code, (string[])[ErrorCodes.PublishFailed, ErrorCodes.StorageFailed]);
        File.Delete(ballast);
        if (server.HasEnded)
            await server.StartAsync();
        await Eventually.IsTrueAsync(() => TryAsync(bank, 20_000), TimeSpan.FromSeconds(60), "messages are stored again");
        await Eventually.IsTrueAsync(() => handled.ContainsKey(20_000), TimeSpan.FromSeconds(60), "and handled");
        Assert.Subset(handled.Keys.ToHashSet(), Enumerable.Range(0, (int)stored).Select(version => (long)version).ToHashSet());
        TestContext.Current.TestOutputHelper?.WriteLine($"{stored} stored, then: {failure.Message}");
    }

    private static async ValueTask<bool> TryAsync(ServiceHost host, long version)
    {
        try
        {
            await host.Bus.PublishAsync(new Heavy("a", version, ""), Cancellation);
            return true;
        }
        catch (PublishFailedException)
        {
            return false;
        }
    }
}
