using Carillon.Transports;

namespace Carillon.InMemory;

/// <summary>
/// One subscription of the broker: its messages, spread over partitions by key, and the receivers that share them. The lock is held
/// for a few instructions at a time and never across a call to anyone else.
/// </summary>
internal sealed class InMemorySubscription
{
    private const int PartitionCount = 16;
    private readonly Lock _gate = new();
    private readonly InMemoryPartition[] _partitions = [.. Enumerable.Range(0, PartitionCount).Select(number => new InMemoryPartition(number))];
    private readonly OutsideLine _outside = new();
    private readonly InMemoryCapacity _capacity;
    private volatile SubscriptionTopology _topology;
    private long _came;
    private int _nextKeyless;
    private bool _isRetired;

    public InMemorySubscription(SubscriptionTopology topology, InMemoryOptions options)
    {
        _topology = topology;
        _capacity = new InMemoryCapacity(options.CapacityMessages, options.CapacityBytes);
        Group = new InMemoryGroup(_gate, _partitions);
    }

    /// <summary>What the subscription is, as its service declared it last.</summary>
    public SubscriptionTopology Topology
    {
        get => _topology;
        set => _topology = value;
    }

    /// <summary>How many of the messages that had to wait for room have got it. Who brought them waits for that.</summary>
    public ProgressLine Admitted { get; } = new();

    /// <summary>How many messages were finished. A handler that brings more than there is room for waits for some of that.</summary>
    public ProgressLine Finished { get; } = new();

    /// <summary>How many messages are held, waiting or handed over.</summary>
    public int Held
    {
        get
        {
            lock (_gate)
                return _capacity.Held;
        }
    }

    /// <summary>Whether as much is held of what handlers published as they may bring.</summary>
    public bool IsFullOfHandlers
    {
        get
        {
            lock (_gate)
                return _capacity.IsFullOfHandlers;
        }
    }

    /// <summary>The receivers that share the subscription.</summary>
    public InMemoryGroup Group { get; }

    /// <summary>
    /// Adds a message, or lets it wait outside until there is room. What a handler publishes waits for no room, only behind what waits of its key: the room may
    /// be that which the handler makes by ending.
    /// </summary>
    /// <param name="envelope">The message.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="isOfHandler">Whether a handler published it.</param>
    /// <param name="owed">Gets what its sender is to wait for, if there is no room.</param>
    public void Enqueue(in Envelope envelope, long size, bool isOfHandler, ref OwedRoom? owed)
    {
        InMemoryReceiver? owner;
        lock (_gate)
        {
            if (_isRetired)
                return;
            // Nothing passes by what waits of its key: a handler may publish because of that, as another subscription has given it to it already.
            if (isOfHandler ? _outside.Contains(envelope.Key) : _outside.Count > 0 || !_capacity.HasRoom(size))
            {
                _outside.Enqueue(envelope, size);
                if (isOfHandler)
                    _capacity.Promise(size);
                (owed ??= new OwedRoom()).Add(Admitted, ++_came);
                return;
            }

            owner = Admit(envelope, size, isOfHandler);
            if (isOfHandler && _capacity.Excess is > 0 and var excess)
                (owed ??= new OwedRoom()).Add(Finished, Finished.Reached + excess);
        }

        owner?.Wake();
    }

    /// <summary>
    /// Hands messages of a receiver's partitions over to it: from each its share of the room, beginning with the partition
    /// <paramref name="first"/>, then from those that have more, so that one full partition does not keep all the room to itself.
    /// </summary>
    /// <param name="receiver">The receiver.</param>
    /// <param name="first">The partition to begin with.</param>
    /// <param name="deliveries">Where they are put; as many as there are places.</param>
    /// <param name="room">What is left of the room.</param>
    /// <returns>How many there were.</returns>
    public int Take(InMemoryReceiver receiver, int first, Span<Delivery> deliveries, DeliveryRoom room)
    {
        var share = (deliveries.Length + PartitionCount - 1) / PartitionCount;
        lock (_gate)
        {
            var count = TakeRound(receiver, first, deliveries, share, ref room);
            return count == 0 ? 0 : count + TakeRound(receiver, first, deliveries[count..], deliveries.Length, ref room);
        }
    }

    /// <summary>Messages are finished before they are handed over. Settling them later has no effect.</summary>
    public void Finish(ReadOnlySpan<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
            Acknowledge((InMemoryDelivery)delivery, isUnread: true);
    }

    /// <summary>A message is finished: its room is for those that wait outside.</summary>
    /// <param name="delivery">The message.</param>
    /// <param name="isUnread">Whether it is still to be read.</param>
    public void Acknowledge(InMemoryDelivery delivery, bool isUnread = false)
    {
        InMemoryReceiver? owner;
        var admitted = 0;
        lock (_gate)
        {
            if (delivery.Home is not { } partition)
                return;
            _capacity.Release(delivery.Size, InMemorySender.IsOfHandler(delivery.Envelope));
            var canGoOn = isUnread ? Abandon(partition, delivery) : Settle(partition, delivery);
            owner = canGoOn || partition.HasReturned ? partition.Owner : null;
            for (; _outside.Count > 0 && _capacity.HasRoom(_outside.First.Size); admitted++)
            {
                var message = _outside.Dequeue();
                Admit(message.Envelope, message.Size, isOfHandler: false)?.Wake();
            }
        }

        owner?.Wake();
        Finished.Advance(1);
        if (admitted > 0)
            Admitted.Advance(admitted);
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

    /// <summary>Nobody will receive it any more: nobody is to wait for room in it.</summary>
    public void Retire()
    {
        lock (_gate)
            _isRetired = true;
        Admitted.End();
        Finished.End();
    }

    private InMemoryReceiver? Admit(in Envelope envelope, long size, bool isOfHandler)
    {
        _capacity.Hold(size, isOfHandler);
        var partition = _partitions[envelope.Key is { } key ? Partitions.Of(key, PartitionCount) : _nextKeyless++ & (PartitionCount - 1)];
        partition.Enqueue(envelope, size);
        return partition.Owner;
    }

    private int TakeRound(InMemoryReceiver receiver, int first, Span<Delivery> deliveries, int mostOfEach, ref DeliveryRoom room)
    {
        var count = 0;
        for (var step = 0; step < PartitionCount && count < deliveries.Length; step++)
        {
            var partition = _partitions[(first + step) & (PartitionCount - 1)];
            if (partition.Owner == receiver && !partition.IsLeaving)
                count += Take(receiver, partition, deliveries.Slice(count, Math.Min(mostOfEach, deliveries.Length - count)), ref room);
        }

        return count;
    }

    private static int Take(InMemoryReceiver receiver, InMemoryPartition partition, Span<Delivery> deliveries, ref DeliveryRoom room)
    {
        var count = 0;
        while (count < deliveries.Length && partition.TryTake(room, out var message))
        {
            room = room.After(message.Size);
            var delivery = receiver.Idle.TryPop(out var idle) ? idle : new InMemoryDelivery(receiver);
            delivery.Fill(partition, message);
            partition.Open(delivery);
            deliveries[count++] = delivery;
        }

        return count;
    }

    private static bool Abandon(InMemoryPartition partition, InMemoryDelivery delivery)
    {
        var canGoOn = partition.Close(delivery);
        delivery.Abandon();
        return canGoOn;
    }

    private static bool Settle(InMemoryPartition partition, InMemoryDelivery delivery)
    {
        var canGoOn = partition.Close(delivery);
        delivery.Clear();
        delivery.Receiver.Idle.Push(delivery);
        return canGoOn;
    }
}
