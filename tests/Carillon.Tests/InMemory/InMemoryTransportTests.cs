using Carillon.InMemory;
using Carillon.Tests.Hosting;
using Carillon.Transports;

namespace Carillon.Tests.InMemory;

public sealed class InMemoryTransportTests : IAsyncDisposable
{
    private readonly InMemoryBroker _broker = new();
    private readonly InMemoryTransport _transport;

    public InMemoryTransportTests() => _transport = new InMemoryTransport(_broker, new InMemoryOptions(), TimeProvider.System);

    [Fact]
    public void Capabilities_ShouldPromiseOrderAndNothingThatOutlivesTheProcess_WhenAsked()
    {
        var capabilities = _transport.Capabilities;

        Assert.Equal(("in memory", "in_memory"), (capabilities.Name, capabilities.System));
        Assert.Equal((false, false, true, false), (capabilities.IsDurable, capabilities.IsShared, capabilities.KeepsKeyOrder, capabilities.KeepsHistory));
    }

    [Fact]
    public async Task Calls_ShouldDoNothing_WhenTheyAreCancelledBefore()
    {
        var cancelled = new CancellationToken(canceled: true);
        var orders = InMemoryLine.Subscription("orders");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _transport.EnsureTopologyAsync(new Topology("orders", [orders]), cancelled));
        Assert.Throws<InvalidOperationException>(() => _broker.Find("orders"));
        await _transport.EnsureTopologyAsync(new Topology("orders", [orders]), CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _transport.OpenSenderAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _transport.OpenReceiverAsync(orders, cancelled));
    }

    [Fact]
    public void Delivery_ShouldBeAsNew_WhenItIsFilledAgain()
    {
        var receiver = new InMemoryReceiver(new InMemorySubscription(InMemoryLine.Subscription("orders"), new InMemoryOptions()), TimeSpan.Zero, TimeProvider.System);
        var delivery = new InMemoryDelivery(receiver) { HoldsKeyBack = true };

        delivery.Fill(new InMemoryPartition(3), new QueuedMessage(InMemoryLine.Message("k"), Position: 5, Size: 7, EarlierDeliveries: 2));
        Assert.Equal(("3", 5L, 7L, 2, false), (delivery.Partition, delivery.Position!.Value, delivery.Size, delivery.EarlierDeliveries, delivery.HoldsKeyBack));
        Assert.Equal((5L, 7L, 3), (delivery.ToQueued().Position, delivery.ToQueued().Size, delivery.ToQueued().EarlierDeliveries));

        delivery.Clear();
        Assert.Null(delivery.Home);
        Assert.True(delivery.Envelope.Body.IsEmpty);
    }

    [Fact]
    public void UseInMemory_ShouldRefuse_WhenThereIsNoService() =>
        Assert.Equal("carillon", Assert.Throws<ArgumentNullException>(() => InMemoryBuilderExtensions.UseInMemory(null!)).ParamName);

    [Fact]
    public async Task UseInMemory_ShouldStopTheHost_WhenAnOptionIsOutOfRange()
    {
        var error = await Assert.ThrowsAnyAsync<CarillonConfigurationException>(
            () => TestService.StartAsync(builder => builder.AddCarillon("shop", static carillon => carillon.UseInMemory(static options => options.CapacityMessages = 0))));

        Assert.Contains("InMemory:CapacityMessages is 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseInMemory_ShouldReadTheSettings_WhenThereAreSome()
    {
        var error = await Assert.ThrowsAnyAsync<CarillonConfigurationException>(
            () => TestService.StartAsync(static (ICarillonBuilder _) => { }, new Dictionary<string, string?> { ["Carillon:InMemory:CapacityBytes"] = "none" }));

        Assert.Contains("Carillon:InMemory:CapacityBytes", error.Message, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();
}
