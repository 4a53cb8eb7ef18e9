using Carillon.Transports;

namespace Carillon.InMemory;

/// <summary>A message in somebody's hands. Belongs to one receiver, which uses the object again after it was settled.</summary>
internal sealed class InMemoryDelivery(InMemoryReceiver receiver) : Delivery
{
    private long _position;

    /// <summary>The partition that the message came from; null while the object holds no message.</summary>
    public InMemoryPartition? Home { get; private set; }

    /// <summary>The neighbours among the partition's messages that are handed over.</summary>
    public InMemoryDelivery? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public InMemoryDelivery? Next { get; set; }

    /// <summary>Whether a message of the same key was returned meanwhile, which must not be handed over before this one is settled.</summary>
    public bool HoldsKeyBack { get; set; }

    /// <summary>Whose hands.</summary>
    public InMemoryReceiver Receiver => receiver;

    /// <summary>How many bytes the message counts for.</summary>
    public long Size { get; private set; }

    public override void Acknowledge() => receiver.Subscription.Acknowledge(this);

    public override void Return() => receiver.Subscription.Return(this);

    /// <summary>Puts a message in.</summary>
    public void Fill(InMemoryPartition home, in QueuedMessage message)
    {
        Set(message.Envelope);
        Home = home;
        Partition = Partitions.Name(home.Number);
        Position = _position = message.Position;
        Size = message.Size;
        EarlierDeliveries = message.EarlierDeliveries;
        HoldsKeyBack = false;
    }

    /// <summary>The message is settled: lets go of it, so that its body does not stay in memory.</summary>
    public void Clear()
    {
        Set(default);
        Home = null;
    }

    /// <summary>
    /// The message is taken away unsettled, or was finished before it was handed over. What its holder says about it later does not count, but the holder may still be
    /// reading it: the object is not used again.
    /// </summary>
    public void Abandon() => Home = null;

    /// <summary>The message as it waits to be handed over again.</summary>
    public QueuedMessage ToQueued() => new(Envelope, _position, Size, EarlierDeliveries + 1);
}
