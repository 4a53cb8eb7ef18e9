using System.Globalization;
using Carillon.Tests;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

public sealed class SqliteReceiverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SubscriptionTopology _subscription = Messages.Subscription("inventory");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Deliver_ShouldHandOverEverythingInOrderOfKeys_WhenMessagesAreSent()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(_subscription));
        var sink = new RecordingSink();
        await host.ReceiveAsync(_subscription, sink);
        await using var sender = await host.OpenSenderAsync();

        for (var i = 0; i < 20; i++)
            await sender.SendAsync(Messages.Sequence(50, keys: 7, from: i * 50));

        await Eventually.IsTrueAsync(() => sink.Count >= 1000, what: "1,000 messages arrived");
        Assert.Equal(1000, sink.Count);
        foreach (var key in sink.Received.GroupBy(envelope => envelope.Key))
        {
            var numbers = key.Select(envelope => int.Parse(envelope.Id.ToString(), CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    [Fact]
    public async Task Dispose_ShouldKeepTheCursor_WhenTheNextHostContinues()
    {
        await using (var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(_subscription)))
        {
            var sink = new RecordingSink();
            await host.ReceiveAsync(_subscription, sink);
            await using var sender = await host.OpenSenderAsync();
            await sender.SendAsync(Messages.Sequence(100, keys: 10));
            await Eventually.IsTrueAsync(() => sink.Count == 100, what: "100 messages arrived");
        }

        await using var next = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(_subscription));
        var later = new RecordingSink();
        await next.ReceiveAsync(_subscription, later);
        await using var again = await next.OpenSenderAsync();
        await again.SendAsync(Messages.Sequence(5, keys: 10, from: 100));
        await Eventually.IsTrueAsync(() => later.Count >= 5, what: "5 messages arrived");
        Assert.Equal(["100", "101", "102", "103", "104"], later.Received.Select(envelope => envelope.Id.ToString()));
    }

    [Fact]
    public async Task Return_ShouldDeliverAgainBeforeLaterOnesOfTheKey_WhenMessagesAreOpen()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(_subscription));
        var sink = new RecordingSink { Acknowledges = false };
        await host.ReceiveAsync(_subscription, sink);
        await using var sender = await host.OpenSenderAsync();
        await sender.SendAsync(Messages.Sequence(6, keys: 1));
        await Eventually.IsTrueAsync(() => sink.Open.Count == 6, what: "6 messages are open");

        sink.Settle(delivery => delivery.Envelope.Id.ToString() is "1" or "3", acknowledge: true);
        sink.Settle(_ => true, acknowledge: false);

        await Eventually.IsTrueAsync(() => sink.Open.Count == 4, what: "4 messages came again");
        Assert.Equal(["0", "2", "4", "5"], sink.Open.Select(delivery => delivery.Envelope.Id.ToString()));
        Assert.All(sink.Open, delivery => Assert.Equal(1, delivery.EarlierDeliveries));
        sink.Settle(_ => true, acknowledge: true);
        await sender.SendAsync(Messages.Sequence(1, keys: 1, from: 6));
        await Eventually.IsTrueAsync(() => sink.Open.Count == 1, what: "the next message arrived");
        Assert.Equal("6", sink.Open[0].Envelope.Id.ToString());
    }

    [Fact]
    public async Task Lease_ShouldShareAndTakeOver_WhenInstancesComeAndGo()
    {
        await using var first = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(_subscription));
        var one = new RecordingSink();
        await first.ReceiveAsync(_subscription, one);
        await Eventually.IsTrueAsync(() => one.Owned.Count == 16, what: "the first instance owns everything");
        await using (var second = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(_subscription)))
        {
            var two = new RecordingSink();
            await second.ReceiveAsync(_subscription, two);
            await Eventually.IsTrueAsync(() => one.Owned.Count == 8 && two.Owned.Count == 8, what: "both own half");
            Assert.Empty(one.Owned.Intersect(two.Owned));
        }

        await Eventually.IsTrueAsync(() => one.Owned.Count == 16, what: "the first instance owns everything again");
    }
}
