using Carillon.InMemory;
using Carillon.Transports;

namespace Carillon.Tests.InMemory;

public sealed class InMemoryHandoverTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly SubscriptionTopology _orders = InMemoryLine.Subscription("orders");
    private readonly InMemoryBroker _broker = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Revoke_ShouldKeepMessages_WhenHandlersOutliveTheTimeout(int failures)
    {
        var transport = await OpenAsync(TimeSpan.FromMilliseconds(20));
        var stubborn = new StubbornSink { RevocationFailures = failures };
        await using var first = await ReceiveAsync(transport, stubborn);
        await SendAsync(transport, 64);
        await stubborn.Full.WaitAsync(_patience, TestContext.Current.CancellationToken);

        var sink = new AcknowledgingSink();
        await using var second = await ReceiveAsync(transport, sink);
        await stubborn.Overdue.WaitAsync(_patience, TestContext.Current.CancellationToken);
        await SendAsync(transport, 64);
        Assert.Equal((128, 0), (_broker.Find("orders").Held, sink.Count));
        stubborn.Finish();

        await Eventually.IsTrueAsync(() => sink.Count > 0);
        Assert.InRange(sink.Count, 1, 63);
    }

    [Fact]
    public async Task Stop_ShouldNotWait_WhenAPartitionIsBeingHandedOver()
    {
        var transport = await OpenAsync(TimeSpan.FromHours(1));
        var stubborn = new StubbornSink();
        var first = await ReceiveAsync(transport, stubborn);
        await SendAsync(transport, 64);
        await stubborn.Full.WaitAsync(_patience, TestContext.Current.CancellationToken);
        await using var second = await ReceiveAsync(transport, new AcknowledgingSink());
        await stubborn.Revoking.WaitAsync(_patience, TestContext.Current.CancellationToken);

        await first.StopAsync(CancellationToken.None).AsTask().WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.Equal(64, _broker.Find("orders").Held);

        await first.DisposeAsync().AsTask().WaitAsync(_patience, TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => _broker.Find("orders").Held == 0);
    }

    [Fact]
    public async Task Acknowledge_ShouldNotTouchTheNextMessage_WhenDeliveryWasAbandoned()
    {
        var transport = await OpenAsync(TimeSpan.FromSeconds(30));
        var stubborn = new StubbornSink();
        var first = await ReceiveAsync(transport, stubborn);
        await SendAsync(transport, 64);
        await stubborn.Full.WaitAsync(_patience, TestContext.Current.CancellationToken);
        await first.DisposeAsync();

        foreach (var delivery in stubborn.Held)
        {
            Assert.NotNull(delivery.Envelope.Key);
            delivery.Acknowledge();
            delivery.Return();
        }

        Assert.Equal(64, _broker.Find("orders").Held);
        var sink = new AcknowledgingSink();
        await using var second = await ReceiveAsync(transport, sink);
        await Eventually.IsTrueAsync(() => sink.Count == 64);
    }

    [Fact]
    public async Task Receiver_ShouldGoOnAndSayWhatIsWrong_WhenPartitionsCannotBeTakenOnAtFirst()
    {
        await using var transport = new InMemoryTransport(_broker, new InMemoryOptions(), TimeProvider.System);
        await transport.EnsureTopologyAsync(new Topology("orders", [InMemoryLine.Subscription("orders")]), TestContext.Current.CancellationToken);
        await using var sender = await transport.OpenSenderAsync(TestContext.Current.CancellationToken);
        var sink = new AcknowledgingSink { AssignmentFailures = 2 };
        await using var receiver = await ReceiveAsync(transport, sink);
        var health = Assert.IsType<IHealthReporting>(receiver, exactMatch: false);
        await sender.SendAsync(new[] { InMemoryLine.Message("k") }, TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(async () => await health.CheckHealthAsync(CancellationToken.None) is [{ Severity: HealthSeverity.Unhealthy, Error: IOException }]);
        Assert.Equal(0, sink.Count);

        await Eventually.IsTrueAsync(() => sink.Count == 1);
        Assert.Empty(await health.CheckHealthAsync(CancellationToken.None));
    }

    [Fact]
    public async Task OpenReceiver_ShouldThrow_WhenSubscriptionWasNotDeclared()
    {
        var transport = await OpenAsync(TimeSpan.Zero);

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await transport.OpenReceiverAsync(InMemoryLine.Subscription("unknown"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task EnsureTopology_ShouldThrowInvalidName_WhenAnotherServiceHasTheSubscription()
    {
        var transport = await OpenAsync(TimeSpan.Zero);

        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(async () =>
            await transport.EnsureTopologyAsync(new Topology("other", [_orders with { Service = "other" }]), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.InvalidName, error.Code);
    }

    private static async Task SendAsync(InMemoryTransport transport, int count)
    {
        await using var sender = await transport.OpenSenderAsync(TestContext.Current.CancellationToken);
        await sender.SendAsync(Enumerable.Range(0, count).Select(number => InMemoryLine.Message($"key-{number}")).ToArray(), TestContext.Current.CancellationToken);
    }

    private async Task<InMemoryTransport> OpenAsync(TimeSpan handoverTimeout)
    {
        var transport = new InMemoryTransport(_broker, new InMemoryOptions { HandoverTimeout = handoverTimeout }, TimeProvider.System);
        await transport.EnsureTopologyAsync(new Topology("orders", [_orders]), TestContext.Current.CancellationToken);
        return transport;
    }

    private async Task<ITransportReceiver> ReceiveAsync(InMemoryTransport transport, IDeliverySink sink)
    {
        var receiver = await transport.OpenReceiverAsync(_orders, TestContext.Current.CancellationToken);
        await receiver.StartAsync(sink, TestContext.Current.CancellationToken);
        return receiver;
    }
}
