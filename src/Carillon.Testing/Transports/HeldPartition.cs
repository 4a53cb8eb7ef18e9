using Carillon.Testing.Logs;
using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>A partition that a receiver has, from one grant to its end.</summary>
internal sealed class HeldPartition(LeasedPlace lease, SubscriptionRoster roster)
{
    private readonly PartitionProgress _progress = new(lease.Position, PositionRanges.None);
    private readonly Dictionary<long, LeftMessage> _left = [];

    /// <summary>The partition.</summary>
    public int Number => lease.Partition;

    /// <summary>The fencing token of the grant.</summary>
    public long Epoch => lease.Epoch;

    /// <summary>The partition as the sink is told about it.</summary>
    public AssignedPartition Assignment => new(Partitions.Name(lease.Partition), lease.Epoch) { ReadAfter = lease.Position, IsFromTheDead = lease.IsFromTheDead };

    /// <summary>Whether the sink was told about it. Only the receiver's loop asks and says so.</summary>
    public bool IsAssigned { get; set; }

    /// <summary>Whether something that was left behind can be read now.</summary>
    public bool HasLeft => IsAssigned && _progress.HasLeft;

    /// <summary>From where to read on; null while nothing may be read.</summary>
    public LeasedPlace? FindNext() => IsAssigned && _progress.TryGetRead(out var read) ? lease with { Position = read } : null;

    /// <summary>What was left behind and is to be read now. Only the receiver's loop asks; each is to be given to <see cref="TakeLeft"/> or given up.</summary>
    /// <param name="most">The most messages.</param>
    /// <param name="room">What is left of the room; less of it afterwards.</param>
    public IReadOnlyCollection<long> FindLeft(int most, ref DeliveryRoom room)
    {
        foreach (var left in IsAssigned ? _progress.TakeLeft(most, ref room) : [])
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
                _progress.GiveUp(left);
            else if (_progress.HandsOver(left))
                taken.Add(new TakenMessage(message, left.Message, left.EarlierDeliveries));
        }

        GiveLeftUp();
        return taken;
    }

    /// <summary>What was to be read of what was left behind was not: it comes again.</summary>
    public void GiveLeftUp()
    {
        foreach (var left in _left.Values)
            _progress.GiveUp(left);
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
        if (!_progress.TryGetRead(out var read) || read != after)
            return taken;
        foreach (var message in messages)
        {
            var known = new KeyedPosition(message.Position, message.Envelope.Key, message.Envelope.Body.Length);
            if (roster.MustLeave(message.Envelope, out var type))
            {
                _progress.StopBefore(message.Position, type);
            }
            else if (_progress.Take(known, room, out var earlier))
            {
                room = room.After(known.Bytes);
                taken.Add(new TakenMessage(message, known, earlier));
            }
        }

        _progress.Pass(readTo);
        return taken;
    }

    /// <summary>A message is finished.</summary>
    /// <returns>Whether that came too late to count.</returns>
    public bool Acknowledge(in KeyedPosition message)
    {
        _progress.Acknowledge(message, out _);
        return _progress.IsClosed;
    }

    /// <summary>A message is to be handed over again.</summary>
    /// <returns>Whether that came too late to count.</returns>
    public bool Return(in KeyedPosition message, int earlierDeliveries)
    {
        _progress.Return(message, earlierDeliveries);
        return _progress.IsClosed;
    }

    /// <summary>It is to go to another instance, because of a message that was not read just now and that is for that one.</summary>
    public void LeaveTo(RoutedType type) => _progress.LeaveTo(type);

    /// <summary>The type of the message that is for another instance, once the partition can go there; null otherwise.</summary>
    public RoutedType? FindWanted() => _progress.IsDone ? _progress.Wanted : null;

    /// <summary>Reads on when there is nobody else for the message that it stopped before.</summary>
    public void ReadOn()
    {
        if (_progress.Wanted is { } type && !roster.IsHandledElsewhere(type))
            _progress.ReadOn();
    }

    /// <summary>The cursor to write down; null when there is nothing new.</summary>
    public LeasedPlace? FindUnwritten() => _progress.Unwritten() is { } cursor ? lease with { Position = cursor } : null;

    /// <summary>The cursor was written down.</summary>
    public void Wrote(long cursor) => _progress.Wrote(cursor);

    /// <summary>Nothing more is handed over; what was may still be finished.</summary>
    public void Suspend() => _progress.Suspend();

    /// <summary>Ends it: from now on settling has no effect.</summary>
    /// <returns>The last cursor.</returns>
    public LeasedPlace Close() => lease with { Position = _progress.Close().Cursor };
}
