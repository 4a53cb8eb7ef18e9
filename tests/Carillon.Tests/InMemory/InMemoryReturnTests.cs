using Carillon.InMemory;
using Carillon.Transports;

namespace Carillon.Tests.InMemory;

/// <summary>What is returned comes back by itself, in the order of its key, also to a receiver that has nothing else to do (G1, G3).</summary>
public sealed class InMemoryReturnTests : IAsyncDisposable
{
    private readonly InMemoryTransport _transport = new(new InMemoryBroker(), new InMemoryOptions(), TimeProvider.System);
    private readonly KeepingSink _sink = new();
    private ITransportReceiver? _receiver;

    [Fact]
    public async Task Return_ShouldBringTheMessageBack_WhenTheReceiverHasNothingElseToDo()
    {
        await ReceiveAsync();
        await SendAsync("a");
        await HeldAsync(1);
        await Eventually.IsTrueAsync(() => _sink.Asked >= 2);

        _sink.Held[0].Return();

        await HeldAsync(2);
        Assert.Equal(("a", 1), (_sink.Held[1].Envelope.Key, _sink.Held[1].EarlierDeliveries));
    }

    [Fact]
    public async Task Return_ShouldWaitForWhatIsInHandOfTheKey_WhenLaterOnesComeBackFirst()
    {
        await ReceiveAsync();
        await SendAsync("a", "a", "a");
        await HeldAsync(3);
        var (first, second, third) = (_sink.Held[0], _sink.Held[1], _sink.Held[2]);
        long?[] places = [second.Position, third.Position];

        third.Return();
        second.Return();
        // It comes through only after the receiver has looked for what was returned as well.
        await SendAsync(KeyOfAnotherPartition("a"));
        await HeldAsync(4);
        Assert.NotEqual("a", _sink.Held[3].Envelope.Key);
        first.Acknowledge();

        await HeldAsync(6);
        Assert.Equal(places, _sink.Held.Skip(4).Select(delivery => delivery.Position));
    }

    public async ValueTask DisposeAsync()
    {
        if (_receiver is not null)
            await _receiver.DisposeAsync();
        await _transport.DisposeAsync();
    }

    private static string KeyOfAnotherPartition(string key) =>
        Enumerable.Range(0, 100).Select(number => $"other-{number}").First(other => Partitions.Of(other, 16) != Partitions.Of(key, 16));

    private async Task ReceiveAsync()
    {
        var orders = InMemoryLine.Subscription("orders");
        await _transport.EnsureTopologyAsync(new Topology("orders", [orders]), CancellationToken.None);
        _receiver = await _transport.OpenReceiverAsync(orders, CancellationToken.None);
        await _receiver.StartAsync(_sink, CancellationToken.None);
    }

    private async Task SendAsync(params string[] keys)
    {
        await using var sender = await _transport.OpenSenderAsync(CancellationToken.None);
        await sender.SendAsync(keys.Select(key => InMemoryLine.Message(key)).ToArray(), CancellationToken.None);
    }

    private Task HeldAsync(int count) => Eventually.IsTrueAsync(() => _sink.Held.Count == count);
}
