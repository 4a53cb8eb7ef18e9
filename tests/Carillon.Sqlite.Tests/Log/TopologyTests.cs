using Carillon.Relational;
namespace Carillon.Sqlite.Tests;

public sealed class TopologyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EnsureTopology_ShouldFailAlone_WhenACommandIsTakenWhileOthersWrite()
    {
        var owner = Messages.Subscription("payment", "", commands: "payment.charge");
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(owner));
        var file = await host.File.OpenAsync(TestContext.Current.CancellationToken);
        using var connection = host.File.OpenConnection();
        Task good, bad;
        using (connection.BeginTransaction())
        {
            // Both wait for the lock, so both are in one group.
            _ = file.Writes.WriteAsync(new ProcessRegistration(file.Process), CancellationToken.None);
            good = file.Writes.WriteAsync(new MessageAppend(new[] { Messages.Event("1") }, 16, Log.Messages), CancellationToken.None);
            bad = file.Writes.WriteAsync(new TopologyChange(Messages.Topology(Messages.Subscription("refund", "", commands: "payment.charge")), 16, Log.Messages), CancellationToken.None);
        }

        await good;
        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => bad);
        Assert.Equal(ErrorCodes.CommandHandledTwice, failure.Code);
        Assert.Contains("payment", failure.Message, StringComparison.Ordinal);
        Assert.Contains("refund", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureTopology_ShouldForgetASubscription_WhenSomebodyDeletedItsRow()
    {
        await (await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("old", "", commands: "payment.charge")))).DisposeAsync();
        Database.Execute(_folder, "PRAGMA foreign_keys = OFF; DELETE FROM carillon_subscriptions");

        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("new", "", commands: "payment.charge")));

        await using var sender = await host.OpenSenderAsync();
        Assert.Empty(await sender.SendAsync(Messages.Event("1", topic: "payment.charge") with { Kind = MessageKind.Command }));
        Assert.Equal(16, Database.Number(_folder, "SELECT count(*) FROM carillon_leases"));
    }
}
