namespace Carillon.Transports;

/// <summary>
/// One subscription of the broker: its messages, spread over partitions by key, and the receivers that share them. The lock is held
/// for a few instructions at a time and never across a call to anyone else.
/// </summary>
internal sealed class InMemorySubscription
{
    private const int PartitionCount = 16;
    private readonly Lock _gate = new();
    private readonly InMemoryPartition[] _partitions = [.. Enumerable.Range(0, PartitionCount).Select(number => new InMemoryPartition(number))];
    private volatile SubscriptionTopology _topology;
    private int _nextKeyless;

    public InMemorySubscription(int ordinal, SubscriptionTopology topology, InMemoryOptions options)
    {
        Ordinal = ordinal;
        _topology = topology;
        Capacity = new InMemoryCapacity(options.CapacityMessages, options.CapacityBytes);
        Group = new InMemoryGroup(_gate, _partitions);
    }

    /// <summary>How many subscriptions were declared before this one.</summary>
    public int Ordinal { get; }

    /// <summary>What the subscription is, as its service declared it last.</summary>
    public SubscriptionTopology Topology
    {
        get => _topology;
        set => _topology = value;
    }

    /// <summary>The room that senders take before they enqueue.</summary>
    public InMemoryCapacity Capacity { get; }

    /// <summary>The receivers that share the subscription.</summary>
    public InMemoryGroup Group { get; }

    /// <summary>Adds a message for which room was taken.</summary>
    public void Enqueue(in Envelope envelope, long size)
    {
        InMemoryReceiver? owner;
        lock (_gate)
        {
            var partition = _partitions[envelope.Key is { } key ? Partitions.Of(key, PartitionCount) : _nextKeyless++ & (PartitionCount - 1)];
            partition.Enqueue(envelope, size);
            owner = partition.Owner;
        }

        owner?.Wake();
    }

    /// <summary>
    /// Hands messages of a receiver's partitions over to it: from each its share of the room, beginning with the partition
    /// <paramref name="first"/>, then from those that have more, so that one full partition does not keep all the room to itself.
    /// </summary>
    /// <returns>How many there were.</returns>
    public int Take(InMemoryReceiver receiver, int first, Span<Delivery> deliveries)
    {
        var share = (deliveries.Length + PartitionCount - 1) / PartitionCount;
        lock (_gate)
        {
            var count = TakeRound(receiver, first, deliveries, share);
            return count == 0 ? 0 : count + TakeRound(receiver, first, deliveries[count..], deliveries.Length);
        }
    }

    /// <summary>A message is finished: its room is free again.</summary>
    public void Acknowledge(InMemoryDelivery delivery)
    {
        InMemoryReceiver? owner;
        long size;
        lock (_gate)
        {
            if (delivery.Home is not { } partition)
                return;
            size = delivery.Size;
            Settle(partition, delivery);
            owner = partition.HasReturned ? partition.Owner : null;
        }

        Capacity.Release(size);
        owner?.Wake();
    }

    /// <summary>A message is to be handed over again. It keeps its room.</summary>
    public void Return(InMemoryDelivery delivery)
    {
        InMemoryReceiver? owner;
        lock (_gate)
        {
            if (delivery.Home is not { } partition)
                return;
            var message = delivery.ToQueued();
            Settle(partition, delivery);
            partition.Return(message);
            owner = partition.Owner;
        }

        owner?.Wake();
    }

    private int TakeRound(InMemoryReceiver receiver, int first, Span<Delivery> deliveries, int mostOfEach)
    {
        var count = 0;
        for (var step = 0; step < PartitionCount && count < deliveries.Length; step++)
        {
            var partition = _partitions[(first + step) & (PartitionCount - 1)];
            if (partition.Owner == receiver)
                count += Take(receiver, partition, deliveries.Slice(count, Math.Min(mostOfEach, deliveries.Length - count)));
        }

        return count;
    }

    private static int Take(InMemoryReceiver receiver, InMemoryPartition partition, Span<Delivery> deliveries)
    {
        var count = 0;
        while (count < deliveries.Length && partition.TryTake(out var message))
        {
            var delivery = receiver.Idle.TryPop(out var idle) ? idle : new InMemoryDelivery(receiver);
            delivery.Fill(partition, message);
            partition.Open(delivery);
            deliveries[count++] = delivery;
        }

        return count;
    }

    private static void Settle(InMemoryPartition partition, InMemoryDelivery delivery)
    {
        partition.Close(delivery);
        delivery.Clear();
        delivery.Receiver.Idle.Push(delivery);
    }
}
