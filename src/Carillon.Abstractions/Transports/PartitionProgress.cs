namespace Carillon.Transports;

/// <summary>
/// Where an instance stands in one of its partitions, for transports that read a log and acknowledge positions: what it has read, what is finished, what is
/// to be read again. Messages of a key that fills more than its share of the room are left behind and read again by their positions (<see cref="KeyShares"/>).
/// When a message is returned, nothing more is read until all that was handed over is settled; then exactly what was returned is read again, in order, before
/// anything new.
/// </summary>
/// <param name="cursor">Up to where everything was finished when the partition became the instance's.</param>
/// <param name="finished">What earlier owners had finished beyond that.</param>
/// <param name="wanted">The message for which it was given to this instance, when the owner before has stopped because of that; null otherwise.</param>
/// <remarks>Messages are read by one loop. Safe to use from several threads.</remarks>
public sealed class PartitionProgress(long cursor, PositionRanges finished, RoutedType? wanted = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, int> _again = [];
    private readonly Dictionary<long, int> _returned = [];
    private readonly HashSet<long> _early = [];
    private PartitionWatermark _watermark = new(cursor);
    private KeyShares _shares = new();
    private long _againUntil;
    private long _written = cursor;
    private (long Position, RoutedType Message)? _stop;
    private RoutedType? _leftTo;
    private int _unsettled;
    private bool _hasFinished;
    private bool _isSuspended;
    private bool _isClosed;

    /// <summary>Whether messages that were left behind can be read now.</summary>
    public bool HasLeft
    {
        get
        {
            lock (_lock)
                return MayReadLeft && _shares.HasNext;
        }
    }

    /// <summary>What the message is that is for another instance, or null when there is none.</summary>
    public RoutedType? Wanted
    {
        get
        {
            lock (_lock)
                return _leftTo ?? _stop?.Message;
        }
    }

    /// <summary>
    /// Whether it can go to another instance: everything before the message that it stopped before is finished, or the message stands before all that is read.
    /// </summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
                return _leftTo is not null || (_stop is not null && _unsettled == 0 && _returned.Count == 0 && _shares.Left == 0);
        }
    }

    /// <summary>Whether the message for which it was given to this instance may still be waiting here: none was finished since. It may have been set aside, and is not read then.</summary>
    public bool MayHoldWanted
    {
        get
        {
            lock (_lock)
                return wanted is not null && !_hasFinished;
        }
    }

    /// <summary>Whether it has ended.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
                return _isClosed;
        }
    }

    private bool MayReadLeft => !_isSuspended && !_isClosed && _returned.Count == 0;

    /// <summary>Tells from where to read on; false while nothing may be read.</summary>
    public bool TryGetRead(out long read)
    {
        lock (_lock)
        {
            if (_returned.Count > 0 && _unsettled == 0)
                TurnBack();
            read = _watermark.Read;
            return MayReadLeft && _stop is null && !_watermark.IsTooFarAhead && !_shares.IsFull;
        }
    }

    /// <summary>A message that concerns the subscription was read.</summary>
    /// <param name="message">The message.</param>
    /// <param name="room">What is left of the room.</param>
    /// <param name="earlierDeliveries">How often it was handed over before by this instance.</param>
    /// <returns>Whether it is to be handed over. If not, it is finished already, or left behind, or comes again.</returns>
    public bool Take(in KeyedPosition message, DeliveryRoom room, out int earlierDeliveries)
    {
        lock (_lock)
        {
            if (!IsWanted(message.Position, out earlierDeliveries))
                return false;
            _watermark.Take(message.Position);
            if (_returned.Count > 0)
            {
                // Returned while this one was read: perhaps one of its key, which comes first.
                _returned[message.Position] = earlierDeliveries;
                return false;
            }

            if (!_shares.TryTake(message, earlierDeliveries, room))
                return false;
            _unsettled++;
            return true;
        }
    }

    /// <summary>Takes of the messages that were left behind those that are to be read now. Each is to be handed over, or given up.</summary>
    /// <param name="most">The most messages.</param>
    /// <param name="room">What is left of the room; less of it afterwards.</param>
    public IReadOnlyList<LeftMessage> TakeLeft(int most, ref DeliveryRoom room)
    {
        lock (_lock)
        {
            if (!MayReadLeft || !_shares.HasNext)
                return [];
            var left = new List<LeftMessage>();
            _shares.TakeNext(most, ref room, left);
            _unsettled += left.Count;
            return left;
        }
    }

    /// <summary>A message that was left behind was read again.</summary>
    /// <returns>
    /// Whether it is to be handed over. If not, it was finished meanwhile, or something was returned that may have to come before it: then it comes again.
    /// </returns>
    public bool HandsOver(in LeftMessage left)
    {
        lock (_lock)
        {
            if (_early.Remove(left.Message.Position))
            {
                Leave(left.Message);
                _watermark.Finish(left.Message.Position);
                return false;
            }

            if (_returned.Count == 0)
                return true;
            Leave(left.Message);
            _returned[left.Message.Position] = left.EarlierDeliveries;
            return false;
        }
    }

    /// <summary>A message that was left behind cannot be handed over now: it comes again, and nothing of the partition before it.</summary>
    public void GiveUp(in LeftMessage left)
    {
        lock (_lock)
        {
            Leave(left.Message);
            _returned[left.Message.Position] = left.EarlierDeliveries;
        }
    }

    /// <summary>Reads no further than to before a message, because that is for another instance.</summary>
    public void StopBefore(long position, RoutedType message)
    {
        lock (_lock)
        {
            if (!_isClosed && (position > _againUntil || _again.ContainsKey(position)))
                _stop ??= (position, message);
        }
    }

    /// <summary>It is to go to another instance, because of a message that was not read just now and that is for that one.</summary>
    public void LeaveTo(RoutedType message)
    {
        lock (_lock)
            _leftTo = message;
    }

    /// <summary>Reads on: there is nobody else for the message that it stopped before.</summary>
    public void ReadOn()
    {
        lock (_lock)
            (_stop, _leftTo) = (null, null);
    }

    /// <summary>Everything up to a position was read.</summary>
    public void Pass(long position)
    {
        lock (_lock)
            _watermark.Pass(_stop is { } stop ? Math.Min(position, stop.Position - 1) : position);
    }

    /// <summary>A message is finished.</summary>
    /// <param name="message">The message.</param>
    /// <param name="canGoOn">Whether something can be read now that could not before: what was returned or left behind, or what comes after a message that took long.</param>
    /// <returns>Whether the cursor moves.</returns>
    public bool Acknowledge(in KeyedPosition message, out bool canGoOn)
    {
        lock (_lock)
        {
            _hasFinished = true;
            if (_early.Count > 0)
                _early.Remove(message.Position);
            var wasTooFarAhead = _watermark.IsTooFarAhead;
            var hasMoved = _watermark.Finish(message.Position);
            canGoOn = Leave(message) || (_unsettled == 0 && (_returned.Count > 0 || _stop is not null)) || (wasTooFarAhead && !_watermark.IsTooFarAhead);
            return hasMoved;
        }
    }

    /// <summary>A message is finished that was perhaps not read yet. When it is in somebody's hands, it is finished whatever becomes of that.</summary>
    public void FinishEarly(long position)
    {
        lock (_lock)
        {
            if (!_isClosed && position > _watermark.Finished)
                _early.Add(position);
        }
    }

    /// <summary>A message is to be handed over again.</summary>
    /// <param name="message">The message.</param>
    /// <param name="earlierDeliveries">How often it was handed over before, without this time.</param>
    /// <returns>Whether something can be read now that could not before.</returns>
    public bool Return(in KeyedPosition message, int earlierDeliveries)
    {
        lock (_lock)
        {
            var hasLeft = Leave(message);
            if (_early.Remove(message.Position))
                _watermark.Finish(message.Position);
            else
                _returned[message.Position] = earlierDeliveries + 1;
            return hasLeft || _unsettled == 0;
        }
    }

    /// <summary>The cursor to write down; null when there is nothing new.</summary>
    public long? Unwritten()
    {
        lock (_lock)
            return _isClosed || _watermark.Finished <= _written ? null : _watermark.Finished;
    }

    /// <summary>A cursor was written down.</summary>
    public void Wrote(long position)
    {
        lock (_lock)
            _written = Math.Max(_written, position);
    }

    /// <summary>Nothing more is read; what was handed over may still finish.</summary>
    public void Suspend()
    {
        lock (_lock)
            _isSuspended = true;
    }

    /// <summary>Ends it: nothing more is handed over or to be written, and settling has no effect.</summary>
    /// <returns>What the next owner is to know.</returns>
    public PartitionEnd Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return new PartitionEnd(_watermark.Finished, IsDone ? Wanted : null, PositionRanges.Of(Ahead()));
        }
    }

    private bool IsWanted(long position, out int earlierDeliveries)
    {
        earlierDeliveries = 0;
        return !_isClosed && _stop is null && !finished.Contains(position) && !_early.Remove(position)
            && (position > _againUntil || _again.Remove(position, out earlierDeliveries));
    }

    private bool Leave(in KeyedPosition message)
    {
        _unsettled--;
        return _shares.Finish(message);
    }

    /// <summary>What is finished beyond the cursor: as far as it was read, what is not to be read again, and what was finished by others or early.</summary>
    private IEnumerable<(long First, long Last)> Ahead()
    {
        var first = _watermark.Read + 1;
        var notAgain = new List<(long First, long Last)>();
        foreach (var position in _again.Keys.Where(position => position > _watermark.Read).Order())
        {
            notAgain.Add((first, position - 1));
            first = position + 1;
        }

        return [
            .. _watermark.FinishedAhead(), .. notAgain, (first, _againUntil),
            .. finished.After(_watermark.Read), .. _early.Select(static position => (position, position)),
        ];
    }

    private void TurnBack()
    {
        _againUntil = Math.Max(_againUntil, _watermark.Read);
        foreach (var (position, earlierDeliveries) in _returned)
            _again[position] = earlierDeliveries;
        foreach (var left in _shares.All())
            _again[left.Message.Position] = left.EarlierDeliveries;
        _shares = new KeyShares();
        _returned.Clear();
        _stop = null;
        _watermark = new PartitionWatermark(_watermark.Finished);
    }
}
