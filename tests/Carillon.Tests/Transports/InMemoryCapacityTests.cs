using Carillon.Transports;

namespace Carillon.Tests.Transports;

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
        Assert.Equal(3, _broker.Find("orders").Capacity.Held);
        var sink = await ReceiveAsync(transport, "orders");

        Assert.Null(await sending.WaitAsync(_patience, TestContext.Current.CancellationToken));
        await ArrivedAsync(sink, 10);
    }

    [Fact]
    public async Task Send_ShouldWaitForRoom_WhenBytesAreUsedUp()
    {
        var transport = await OpenAsync(new InMemoryOptions { CapacityBytes = 100_000 }, "orders");
        var sender = await transport.OpenSenderAsync(CancellationToken.None);

        var sending = sender.SendAsync(Messages(4, bodyLength: 30_000), CancellationToken.None).AsTask();

        Assert.False(sending.IsCompleted);
        Assert.Equal(3, _broker.Find("orders").Capacity.Held);
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
    public async Task Send_ShouldStoreInAllOrNone_WhenCancelledWhileWaiting()
    {
        var roomy = await OpenAsync(new InMemoryOptions(), "orders");
        var narrow = await OpenAsync(new InMemoryOptions { CapacityMessages = 1 }, "stock");
        var sender = await roomy.OpenSenderAsync(CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        var sending = sender.SendAsync(Messages(5), cancellation.Token).AsTask();
        Assert.False(sending.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(_patience, TestContext.Current.CancellationToken));
        Assert.Equal((1, 1), (_broker.Find("orders").Capacity.Held, _broker.Find("stock").Capacity.Held));
        await ArrivedAsync(await ReceiveAsync(narrow, "stock"), 1);
        await sender.SendAsync(Messages(1), CancellationToken.None);
        await ArrivedAsync(await ReceiveAsync(roomy, "orders"), 2);
    }

    [Fact]
    public async Task Send_ShouldServeTheNext_WhenFirstInLineGivesUp()
    {
        var transport = await OpenAsync(new InMemoryOptions { CapacityBytes = 100_000 }, "orders");
        using var cancellation = new CancellationTokenSource();
        var filling = await transport.OpenSenderAsync(CancellationToken.None);
        await filling.SendAsync(Messages(1, bodyLength: 50_000), CancellationToken.None);
        var large = (await transport.OpenSenderAsync(CancellationToken.None)).SendAsync(Messages(1, bodyLength: 90_000), cancellation.Token).AsTask();
        var small = (await transport.OpenSenderAsync(CancellationToken.None)).SendAsync(Messages(1), CancellationToken.None).AsTask();
        Assert.False(large.IsCompleted || small.IsCompleted);

        await cancellation.CancelAsync();

        await small.WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.Equal(2, _broker.Find("orders").Capacity.Held);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
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
    public void TryReserve_ShouldBeExact_WhenBytesComeAndGo()
    {
        var capacity = new InMemoryCapacity(messages: 10, bytes: 100);

        Assert.True(capacity.TryReserve(60));
        Assert.True(capacity.TryReserve(40));
        Assert.False(capacity.TryReserve(1));
        capacity.Release(40);
        Assert.False(capacity.TryReserve(41));
        Assert.True(capacity.TryReserve(40));
        Assert.False(capacity.TryReserve(1));
        Assert.Equal(2, capacity.Held);
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
