using Carillon.Conformance.Waiting;
using Carillon.InMemory;
using Carillon.Transports;

namespace Carillon.Tests.InMemory;

public sealed class InMemoryCapacityTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly InMemoryBroker _broker = new();

    [Fact]
    public async Task Send_ShouldWaitForRoom_WhenSubscriptionIsFull()
    {
        var transport = await OpenAsync(new InMemoryOptions { CapacityMessages = 3 }, "orders");
        var sender = await transport.OpenSenderAsync(CancellationToken.None);

        var sending = sender.SendAsync(Messages(10), CancellationToken.None).AsTask();
        Assert.False(sending.IsCompleted);
        Assert.Equal(3, _broker.Find("orders").Held);
        var sink = await ReceiveAsync(transport, "orders");

        Assert.Null(await sending.WaitAsync(_patience, TestContext.Current.CancellationToken));
        await ArrivedAsync(sink, 10);
    }

    [Fact]
    public async Task Send_ShouldWaitForRoom_WhenBytesAreUsedUp()
    {
        var transport = await OpenAsync(new InMemoryOptions { CapacityBytes = 100_000 }, "orders");
        var sender = await transport.OpenSenderAsync(CancellationToken.None);

        var within = sender.SendAsync(Messages(3, bodyLength: 30_000), CancellationToken.None).AsTask();
        var sending = sender.SendAsync(Messages(1, bodyLength: 30_000), CancellationToken.None).AsTask();

        Assert.True(within.IsCompletedSuccessfully);
        Assert.False(sending.IsCompleted);
        await ArrivedAsync(await ReceiveAsync(transport, "orders"), 4);
        await sending.WaitAsync(_patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Send_ShouldLetThrough_WhenOneMessageIsLargerThanCapacity()
    {
        var transport = await OpenAsync(new InMemoryOptions { CapacityBytes = 1000 }, "orders");
        var sender = await transport.OpenSenderAsync(CancellationToken.None);
        var sink = await ReceiveAsync(transport, "orders");

        await sender.SendAsync(Messages(5, bodyLength: 5000), CancellationToken.None).AsTask().WaitAsync(_patience, TestContext.Current.CancellationToken);

        await ArrivedAsync(sink, 5);
    }

    [Fact]
    public async Task Send_ShouldStoreInAll_WhenCancelledWhileWaiting()
    {
        var roomy = await OpenAsync(new InMemoryOptions(), "orders");
        var narrow = await OpenAsync(new InMemoryOptions { CapacityMessages = 1 }, "stock");
        var sender = await roomy.OpenSenderAsync(CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        var sending = sender.SendAsync(Messages(5), cancellation.Token).AsTask();
        Assert.False(sending.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(_patience, TestContext.Current.CancellationToken));
        Assert.Equal((5, 1), (_broker.Find("orders").Held, _broker.Find("stock").Held));
        await ArrivedAsync(await ReceiveAsync(narrow, "stock"), 5);
        await sender.SendAsync(Messages(1), CancellationToken.None);
        await ArrivedAsync(await ReceiveAsync(roomy, "orders"), 6);
    }

    [Fact]
    public async Task Send_ShouldConfirmInTheOrderOfArrival_WhenALargeMessageWaitsBeforeASmallOne()
    {
        var transport = await OpenAsync(new InMemoryOptions { CapacityBytes = 100_000 }, "orders");
        var sender = await transport.OpenSenderAsync(CancellationToken.None);
        await sender.SendAsync(Messages(1, bodyLength: 50_000), CancellationToken.None);
        var large = sender.SendAsync(Messages(1, bodyLength: 90_000), CancellationToken.None).AsTask();
        var small = sender.SendAsync(Messages(1), CancellationToken.None).AsTask();
        Assert.False(large.IsCompleted || small.IsCompleted);
        var sink = new KeepingSink();
        var receiver = await transport.OpenReceiverAsync(InMemoryLine.Subscription("orders"), CancellationToken.None);
        await receiver.StartAsync(sink, CancellationToken.None);
        await Eventually.IsTrueAsync(() => sink.Held.Count == 1);

        sink.Held[0].Acknowledge();

        await Task.WhenAll(large, small).WaitAsync(_patience, TestContext.Current.CancellationToken);
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task Send_ShouldRefuseTheRestOfTheKey_WhenOneIsRefusedForNow()
    {
        var transport = await OpenAsync(new InMemoryOptions { CapacityMessages = 2, HandlerPatience = TimeSpan.Zero }, "orders");
        var sender = await transport.OpenSenderAsync(CancellationToken.None);
        Envelope[] batch = [.. "klkm".Select(key => InMemoryLine.Message($"{key}") with { CausationId = EventId.Parse("cause") })];

        var failures = await sender.SendAsync(batch, CancellationToken.None);

        Assert.Equal((2, 3), (failures![0].Index, failures[1].Index));
        Assert.All(failures, failure => Assert.Equal((ErrorCodes.SubscriptionFull, true), (failure.Error.Code, failure.Error.IsTransient)));
    }

    [Fact]
    public async Task Send_ShouldConfirmOverTheLimit_WhenAHandlerHasWaitedForLongEnough()
    {
        var time = new VirtualTime();
        var options = new InMemoryOptions { CapacityMessages = 2, HandlerPatience = TimeSpan.FromSeconds(5) };
        await OpenAsync(options, "orders");
        var sender = await new InMemoryTransport(_broker, options, time).OpenSenderAsync(CancellationToken.None);
        await sender.SendAsync(Messages(2), CancellationToken.None);

        // Twice as much is held then, and nobody finishes anything.
        var sending = sender.SendAsync(new[] { InMemoryLine.Message("k") with { CausationId = EventId.Parse("cause") } }, CancellationToken.None).AsTask();

        time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await sending.WaitAsync(_patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Send_ShouldKeepTheOrderOfTheKey_WhenAHandlerPublishesWhatFollowsAMessageThatWaitsForRoom()
    {
        var transport = await OpenAsync(new InMemoryOptions { CapacityMessages = 3, HandlerPatience = TimeSpan.Zero }, "orders");
        var sender = await transport.OpenSenderAsync(CancellationToken.None);
        await sender.SendAsync(Messages(3), CancellationToken.None);
        var waiting = sender.SendAsync(new[] { InMemoryLine.Message("k") with { Id = EventId.Parse("first") } }, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);

        foreach (var (key, id) in new[] { ("k", "second"), ("l", "free"), ("k", "third") })
            Assert.Null(await sender.SendAsync(new[] { InMemoryLine.Message(key) with { Id = EventId.Parse(id), CausationId = EventId.Parse("cause") } }, CancellationToken.None));

        Assert.Equal(4, _broker.Find("orders").Held);
        var sink = new KeepingSink();
        var receiver = await transport.OpenReceiverAsync(InMemoryLine.Subscription("orders"), CancellationToken.None);
        await receiver.StartAsync(sink, CancellationToken.None);
        var order = new List<string>();
        for (var settled = 0; settled < 7; settled++)
        {
            await Eventually.IsTrueAsync(() => sink.Held.Count > settled);
            var (key, id) = (sink.Held[settled].Envelope.Key, sink.Held[settled].Envelope.Id);
            if (key == "k")
                order.Add(id.ToString());
            sink.Held[settled].Acknowledge();
        }

        await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.Equal(["first", "second", "third"], order);
        Assert.Equal(0, _broker.Find("orders").Held);
        Assert.False(_broker.Find("orders").IsFullOfHandlers);
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task Send_ShouldFinish_WhenManySendersWaitForTheSameSubscriptions()
    {
        const int senders = 6;
        const int each = 300;
        var transport = await OpenAsync(new InMemoryOptions { CapacityMessages = 1 }, "orders", "stock", "mail");
        var sinks = new[] { await ReceiveAsync(transport, "orders"), await ReceiveAsync(transport, "stock"), await ReceiveAsync(transport, "mail") };

        await Task.WhenAll(Enumerable.Range(0, senders).Select(async _ =>
        {
            await Task.Yield();
            await using var sender = await transport.OpenSenderAsync(CancellationToken.None);
            await sender.SendAsync(Messages(each), CancellationToken.None);
        })).WaitAsync(_patience, TestContext.Current.CancellationToken);

        foreach (var sink in sinks)
            await ArrivedAsync(sink, senders * each);
    }

    [Fact]
    public async Task Send_ShouldThrow_WhenSenderIsDisposed()
    {
        var transport = await OpenAsync(new InMemoryOptions(), "orders");
        var sender = await transport.OpenSenderAsync(CancellationToken.None);
        await sender.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await sender.SendAsync(Messages(1), CancellationToken.None));
    }

    [Fact]
    public async Task Send_ShouldReportFailure_WhenMessageHasNoTopic()
    {
        var transport = await OpenAsync(new InMemoryOptions(), "orders");
        var sender = await transport.OpenSenderAsync(CancellationToken.None);

        var failures = await sender.SendAsync(new[] { InMemoryLine.Message("k") with { Topic = null } }, CancellationToken.None);

        Assert.Equal(ErrorCodes.PublishFailed, Assert.Single(failures ?? []).Error.Code);
    }

    [Fact]
    public void HasRoom_ShouldBeExact_WhenBytesComeAndGo()
    {
        var capacity = new InMemoryCapacity(messages: 10, bytes: 100);

        Assert.True(capacity.HasRoom(1000));
        capacity.Hold(60, isOfHandler: false);
        Assert.True(capacity.HasRoom(40));
        capacity.Hold(40, isOfHandler: false);
        Assert.False(capacity.HasRoom(1));
        capacity.Release(40, isOfHandler: false);
        Assert.False(capacity.HasRoom(41));
        Assert.True(capacity.HasRoom(40));
        Assert.Equal((1, 0), (capacity.Held, capacity.Excess));
    }

    [Fact]
    public void Excess_ShouldBeWhatIsBeyondTheLimit_WhenHandlersBringMore()
    {
        var capacity = new InMemoryCapacity(messages: 2, bytes: 100);

        capacity.Hold(10, isOfHandler: false);
        Assert.Equal(0, capacity.Excess);
        capacity.Hold(10, isOfHandler: false);
        Assert.Equal(1, capacity.Excess);
        capacity.Hold(10, isOfHandler: true);
        capacity.Hold(10, isOfHandler: true);
        Assert.Equal((2, true), (capacity.Excess, capacity.IsFullOfHandlers));
        capacity.Release(10, isOfHandler: true);
        Assert.False(capacity.IsFullOfHandlers);
        capacity.Hold(90, isOfHandler: true);
        Assert.True(capacity.IsFullOfHandlers);
    }

    private static ReadOnlyMemory<Envelope> Messages(int count, int bodyLength = 64) =>
        Enumerable.Range(0, count).Select(number => InMemoryLine.Message($"key-{number}", bodyLength: bodyLength)).ToArray();

    private static async Task ArrivedAsync(AcknowledgingSink sink, int count)
    {
        await Eventually.IsTrueAsync(() => sink.Count >= count, what: $"{count} messages arrive");
        Assert.Equal(count, sink.Count);
    }

    private async Task<InMemoryTransport> OpenAsync(InMemoryOptions options, params string[] services)
    {
        var transport = new InMemoryTransport(_broker, options, TimeProvider.System);
        foreach (var service in services)
            await transport.EnsureTopologyAsync(new Topology(service, [InMemoryLine.Subscription(service)]), CancellationToken.None);
        return transport;
    }

    private static async Task<AcknowledgingSink> ReceiveAsync(InMemoryTransport transport, string subscription)
    {
        var sink = new AcknowledgingSink();
        var receiver = await transport.OpenReceiverAsync(InMemoryLine.Subscription(subscription), CancellationToken.None);
        await receiver.StartAsync(sink, CancellationToken.None);
        return sink;
    }
}
