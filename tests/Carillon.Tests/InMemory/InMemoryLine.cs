using Carillon.InMemory;
using Carillon.Transports;

namespace Carillon.Tests.InMemory;

/// <summary>A sender and several subscriptions that all get what it sends and acknowledge it at once.</summary>
internal sealed class InMemoryLine : IAsyncDisposable
{
    private readonly List<ITransportReceiver> _receivers = [];

    private readonly InMemorySubscription[] _subscriptions;

    private InMemoryLine(ITransportSender sender, InMemorySubscription[] subscriptions) => (Sender, _subscriptions) = (sender, subscriptions);

    public ITransportSender Sender { get; }

    /// <summary>The most messages that one of the subscriptions holds.</summary>
    public int Held
    {
        get
        {
            var most = 0;
            foreach (var subscription in _subscriptions)
                most = Math.Max(most, subscription.Held);
            return most;
        }
    }

    public static async Task<InMemoryLine> OpenAsync(int subscriptions, InMemoryOptions options)
    {
        var broker = new InMemoryBroker();
        var transport = new InMemoryTransport(broker, options, TimeProvider.System);
        var topology = Enumerable.Range(0, subscriptions).Select(number => Subscription($"orders.s{number}")).ToArray();
        await transport.EnsureTopologyAsync(new Topology("orders", topology), CancellationToken.None);
        var line = new InMemoryLine(await transport.OpenSenderAsync(CancellationToken.None), [.. topology.Select(subscription => broker.Find(subscription.Name))]);
        foreach (var subscription in topology)
        {
            var receiver = await transport.OpenReceiverAsync(subscription, CancellationToken.None);
            line._receivers.Add(receiver);
            await receiver.StartAsync(new AcknowledgingSink(), CancellationToken.None);
        }

        return line;
    }

    public static SubscriptionTopology Subscription(string name, string topic = "order.created") =>
        new() { Name = name, Service = name.Split('.')[0], Topics = [TopicPattern.Parse(topic)] };

    public static Envelope Message(string? key, string topic = "order.created", int bodyLength = 64) =>
        new() { Id = EventId.Parse("1"), Type = topic, Topic = topic, Key = key, Version = 1, Body = new byte[bodyLength], Headers = new Dictionary<string, string> { ["tenant"] = "blue" } };

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _receivers)
            await receiver.DisposeAsync();
        await Sender.DisposeAsync();
    }
}
