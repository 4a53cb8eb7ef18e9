using Carillon.Testing.Logs;
using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>A partition that a receiver has, from one grant to its end.</summary>
internal sealed class HeldPartition(LeasedPlace lease, SubscriptionRoster roster)
{
    private readonly Dictionary<long, LeftMessage> _left = [];

    /// <summary>The partition.</summary>
    public int Number => lease.Partition;

    /// <summary>Where the receiver stands in it.</summary>
    public PartitionProgress Progress { get; } = new(lease.Position, PositionRanges.None, lease.Wanted);

    /// <summary>The fencing token of the grant.</summary>
    public long Epoch => lease.Epoch;

    /// <summary>The partition as the sink is told about it.</summary>
    public AssignedPartition Assignment => new(Partitions.Name(lease.Partition), lease.Epoch) { ReadAfter = lease.Position, IsFromTheDead = lease.IsFromTheDead };

    /// <summary>Whether the sink was told about it. Only the receiver's loop asks and says so.</summary>
    public bool IsAssigned { get; set; }

    /// <summary>Whether something that was left behind can be read now.</summary>
    public bool HasLeft => IsAssigned && Progress.HasLeft;

    /// <summary>From where to read on; null while nothing may be read.</summary>
    public LeasedPlace? FindNext() => IsAssigned && Progress.TryGetRead(out var read) ? lease with { Position = read } : null;

    /// <summary>What was left behind and is to be read now. Only the receiver's loop asks; each is to be given to <see cref="TakeLeft"/> or given up.</summary>
    /// <param name="most">The most messages.</param>
    /// <param name="room">What is left of the room; less of it afterwards.</param>
    public IReadOnlyCollection<long> FindLeft(int most, ref DeliveryRoom room)
    {
        foreach (var left in IsAssigned ? Progress.TakeLeft(most, ref room) : [])
            _left.Add(left.Message.Position, left);
        return _left.Keys;
    }

    /// <summary>Takes what was left behind and is read now.</summary>
    /// <param name="messages">The messages that <see cref="FindLeft"/> has asked for, in their order.</param>
    /// <returns>Those to hand over, each with how often this receiver has handed it over before.</returns>
    public IReadOnlyList<TakenMessage> TakeLeft(IEnumerable<CommittedMessage> messages)
    {
        var taken = new List<TakenMessage>();
        foreach (var message in messages)
        {
            if (!_left.Remove(message.Position, out var left))
                continue;
            if (roster.MustLeave(message.Envelope, out _))
                Progress.GiveUp(left);
            else if (Progress.HandsOver(left))
                taken.Add(new TakenMessage(message, left.Message, left.EarlierDeliveries));
        }

        GiveLeftUp();
        return taken;
    }

    /// <summary>What was to be read of what was left behind was not: it comes again.</summary>
    public void GiveLeftUp()
    {
        foreach (var left in _left.Values)
            Progress.GiveUp(left);
        _left.Clear();
    }

    /// <summary>Takes the partition's messages of a page.</summary>
    /// <param name="messages">The messages of this partition after the place that was asked for, in their order.</param>
    /// <param name="after">The position that was asked for.</param>
    /// <param name="readTo">Up to where the log was read.</param>
    /// <param name="room">What is left of the room; less of it afterwards.</param>
    /// <returns>Those to hand over, each with how often this receiver has handed it over before.</returns>
    public IReadOnlyList<TakenMessage> Take(IEnumerable<CommittedMessage> messages, long after, long readTo, ref DeliveryRoom room)
    {
        var taken = new List<TakenMessage>();
        // What was returned meanwhile comes first: the page is read again after it.
        if (!Progress.TryGetRead(out var read) || read != after)
            return taken;
        foreach (var message in messages)
        {
            var known = new KeyedPosition(message.Position, message.Envelope.Key, message.Envelope.Body.Length);
            if (roster.MustLeave(message.Envelope, out var type))
            {
                Progress.StopBefore(message.Position, type);
            }
            else if (Progress.Take(known, room, out var earlier))
            {
                room = room.After(known.Bytes);
                taken.Add(new TakenMessage(message, known, earlier));
            }
        }

        Progress.Pass(readTo);
        return taken;
    }

    /// <summary>A message is finished.</summary>
    /// <returns>Whether that came too late to count.</returns>
    public bool Acknowledge(in KeyedPosition message)
    {
        Progress.Acknowledge(message, out _);
        return Progress.IsClosed;
    }

    /// <summary>A message is to be handed over again.</summary>
    /// <returns>Whether that came too late to count.</returns>
    public bool Return(in KeyedPosition message, int earlierDeliveries)
    {
        Progress.Return(message, earlierDeliveries);
        return Progress.IsClosed;
    }

    /// <summary>It is to go to another instance, because of a message that was not read just now and that is for that one.</summary>
    public void LeaveTo(RoutedType type) => Progress.LeaveTo(type);

    /// <summary>The type of the message that is for another instance, once the partition can go there; null otherwise.</summary>
    public RoutedType? FindWanted() => Progress.IsDone ? Progress.Wanted : null;

    /// <summary>Reads on when there is nobody else for the message that it stopped before.</summary>
    public void ReadOn()
    {
        if (Progress.Wanted is { } type && !roster.IsHandledElsewhere(type))
            Progress.ReadOn();
    }

    /// <summary>The cursor to write down; null when there is nothing new.</summary>
    public LeasedPlace? FindUnwritten() => Progress.Unwritten() is { } cursor ? lease with { Position = cursor } : null;

    /// <summary>The cursor was written down.</summary>
    public void Wrote(long cursor) => Progress.Wrote(cursor);

    /// <summary>Ends it: from now on settling has no effect.</summary>
    /// <returns>The last cursor.</returns>
    public LeasedPlace Close() => lease with { Position = Progress.Close().Cursor };
}
