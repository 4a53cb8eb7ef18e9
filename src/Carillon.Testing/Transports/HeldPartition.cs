using Carillon.Testing.Logs;
using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>
/// Where a receiver stands in a partition, from one grant to its end. When a message is returned, nothing more is read until all that is in
/// somebody's hands is settled; then exactly what was returned is read again, in order, before anything new.
/// </summary>
internal sealed class HeldPartition(LeasedPlace lease, SubscriptionRoster roster)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, int> _returned = [];
    private readonly Dictionary<long, int> _again = [];
    private PartitionWatermark _watermark = new(lease.Position);
    private long _againUntil;
    private long _written = lease.Position;
    private (long Position, HandledType Type)? _stop;
    private HandledType? _leftTo;
    private int _inHand;
    private bool _isSuspended;
    private bool _isClosed;

    /// <summary>The partition.</summary>
    public int Number => lease.Partition;

    /// <summary>The fencing token of the grant.</summary>
    public long Epoch => lease.Epoch;

    /// <summary>The partition as the sink is told about it.</summary>
    public AssignedPartition Assignment => new(Partitions.Name(lease.Partition), lease.Epoch) { ReadAfter = lease.Position, IsFromTheDead = lease.IsFromTheDead };

    /// <summary>Whether the sink was told about it. Only the receiver's loop asks and says so.</summary>
    public bool IsAssigned { get; set; }

    /// <summary>From where to read on; null while nothing may be read.</summary>
    public LeasedPlace? FindNext()
    {
        lock (_gate)
        {
            if (_returned.Count > 0 && _inHand == 0)
                TurnBack();
            return !IsAssigned || _isSuspended || _isClosed || _stop is not null || _returned.Count > 0 || _watermark.IsTooFarAhead ? null : lease with { Position = _watermark.Read };
        }
    }

    /// <summary>Takes the partition's messages of a page.</summary>
    /// <param name="messages">The messages of this partition after the place that was asked for, in their order.</param>
    /// <param name="readTo">Up to where the log was read.</param>
    /// <returns>Those to hand over, each with how often this receiver has handed it over before.</returns>
    public IReadOnlyList<(CommittedMessage Message, int EarlierDeliveries)> Take(IEnumerable<CommittedMessage> messages, long readTo)
    {
        var taken = new List<(CommittedMessage, int)>();
        lock (_gate)
        {
            // What was returned meanwhile comes first: the page is read again after it.
            if (_isSuspended || _isClosed || _stop is not null || _returned.Count > 0)
                return taken;
            foreach (var message in messages)
            {
                if ((message.Position > _againUntil || _again.ContainsKey(message.Position)) && roster.MustLeave(message.Envelope, out var type))
                {
                    _stop = (message.Position, type);
                    break;
                }

                var earlier = 0;
                if (message.Position <= _againUntil && !_again.Remove(message.Position, out earlier))
                    continue;
                _watermark.Take(message.Position);
                _inHand++;
                taken.Add((message, earlier));
            }

            _watermark.Pass(_stop is { } stop ? stop.Position - 1 : readTo);
        }

        return taken;
    }

    /// <summary>A message is finished.</summary>
    /// <returns>Whether that came too late to count.</returns>
    public bool Acknowledge(long position)
    {
        lock (_gate)
        {
            _inHand--;
            if (!_isClosed)
                _watermark.Finish(position);
            return _isClosed;
        }
    }

    /// <summary>A message is to be handed over again.</summary>
    /// <returns>Whether that came too late to count.</returns>
    public bool Return(long position, int earlierDeliveries)
    {
        lock (_gate)
        {
            _inHand--;
            if (!_isClosed)
                _returned.Add(position, earlierDeliveries + 1);
            return _isClosed;
        }
    }

    /// <summary>It is to go to another instance, because of a message that was not read just now and that is for that one.</summary>
    public void LeaveTo(HandledType type)
    {
        lock (_gate)
            _leftTo = type;
    }

    /// <summary>The type of the message that is for another instance, once everything before that is finished; null otherwise.</summary>
    public HandledType? FindWanted()
    {
        lock (_gate)
            return _leftTo ?? (_inHand == 0 && _returned.Count == 0 ? _stop?.Type : null);
    }

    /// <summary>Reads on when there is nobody else for the message that it stopped before.</summary>
    public void ReadOn()
    {
        lock (_gate)
        {
            if (_stop is { } stop && !roster.IsHandledElsewhere(stop.Type))
                _stop = null;
            if (_leftTo is { } type && !roster.IsHandledElsewhere(type))
                _leftTo = null;
        }
    }

    /// <summary>The cursor to write down; null when there is nothing new.</summary>
    public LeasedPlace? FindUnwritten()
    {
        lock (_gate)
            return _isClosed || _watermark.Finished <= _written ? null : lease with { Position = _watermark.Finished };
    }

    /// <summary>The cursor was written down.</summary>
    public void Wrote(long cursor)
    {
        lock (_gate)
            _written = Math.Max(_written, cursor);
    }

    /// <summary>Nothing more is handed over; what was may still be finished.</summary>
    public void Suspend()
    {
        lock (_gate)
            _isSuspended = true;
    }

    /// <summary>Ends it: from now on settling has no effect.</summary>
    /// <returns>The last cursor.</returns>
    public LeasedPlace Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            return lease with { Position = _watermark.Finished };
        }
    }

    private void TurnBack()
    {
        _againUntil = Math.Max(_againUntil, _watermark.Read);
        foreach (var (position, earlierDeliveries) in _returned)
            _again[position] = earlierDeliveries;
        _returned.Clear();
        _stop = null;
        _watermark = new PartitionWatermark(_watermark.Finished);
    }
}
