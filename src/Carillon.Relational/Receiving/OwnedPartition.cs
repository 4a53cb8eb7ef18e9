using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// Where an instance stands in one of its partitions. When a message is returned, nothing more is read until all that was handed over is
/// settled; then exactly what was returned is read again, in order, before anything new.
/// </summary>
internal sealed class OwnedPartition(Lease lease)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, int> _again = [];
    private readonly Dictionary<long, int> _returned = [];
    private readonly HashSet<long> _early = [];
    private PartitionWatermark _watermark = new(lease.Cursor);
    private long _againUntil;
    private long _written = lease.Cursor;
    private (long Position, HandledType Type)? _stop;
    private HandledType? _leftTo;
    private int _unsettled;
    private bool _isSuspended;
    private bool _isClosed;

    public int Partition => lease.Partition;

    public long Fence => lease.Fence;

    public string Name { get; } = Partitions.Name(lease.Partition);

    /// <summary>Tells from where to read on; false while nothing may be read.</summary>
    public bool TryGetRead(out long read)
    {
        lock (_lock)
        {
            if (_returned.Count > 0 && _unsettled == 0)
                TurnBack();
            read = _watermark.Read;
            return !_isSuspended && !_isClosed && _stop is null && _returned.Count == 0 && !_watermark.IsTooFarAhead;
        }
    }

    /// <summary>A message that concerns the subscription was read.</summary>
    /// <param name="position">Where it stands.</param>
    /// <param name="earlierDeliveries">How often it was handed over before by this instance.</param>
    /// <returns>Whether it is to be handed over.</returns>
    public bool Take(long position, out int earlierDeliveries)
    {
        lock (_lock)
        {
            earlierDeliveries = 0;
            if (_isClosed || _stop is not null || lease.Finished.Contains(position) || _early.Remove(position) || (position <= _againUntil && !_again.Remove(position, out earlierDeliveries)))
                return false;
            _watermark.Take(position);
            _unsettled++;
            return true;
        }
    }

    /// <summary>Reads no further than to before a message, because that is for another instance.</summary>
    public void StopBefore(long position, HandledType type)
    {
        lock (_lock)
        {
            if (!_isClosed && (position > _againUntil || _again.ContainsKey(position)))
                _stop ??= (position, type);
        }
    }

    /// <summary>It is to go to another instance, because of a message that was not read just now and that is for that one.</summary>
    public void LeaveTo(HandledType type)
    {
        lock (_lock)
            _leftTo = type;
    }

    /// <summary>The type of the message that is for another instance, or null when there is none.</summary>
    public HandledType? Wanted
    {
        get
        {
            lock (_lock)
                return _leftTo ?? _stop?.Type;
        }
    }

    /// <summary>Whether it can go to another instance: everything before the message that it stopped before is finished, or the message stands before all that is read.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
                return _leftTo is not null || (_stop is not null && _unsettled == 0 && _returned.Count == 0);
        }
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
    /// <param name="position">Where it stands.</param>
    /// <param name="canGoOn">Whether something can be read now that could not before: what was returned, or what comes after a message that took long.</param>
    /// <returns>Whether the watermark moved.</returns>
    public bool Acknowledge(long position, out bool canGoOn)
    {
        lock (_lock)
        {
            if (_early.Count > 0)
                _early.Remove(position);
            var wasTooFarAhead = _watermark.IsTooFarAhead;
            var hasMoved = _watermark.Finish(position);
            canGoOn = (--_unsettled == 0 && (_returned.Count > 0 || _stop is not null)) || (wasTooFarAhead && !_watermark.IsTooFarAhead);
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
    /// <returns>Whether what was returned can be read again now.</returns>
    public bool Return(long position, int earlierDeliveries)
    {
        lock (_lock)
        {
            if (_early.Remove(position))
            {
                _watermark.Finish(position);
                return --_unsettled == 0;
            }

            _returned[position] = earlierDeliveries + 1;
            return --_unsettled == 0;
        }
    }

    /// <summary>The cursor to write down; null when there is nothing new.</summary>
    public Lease? Unwritten()
    {
        lock (_lock)
            return _isClosed || _watermark.Finished <= _written ? null : lease with { Cursor = _watermark.Finished };
    }

    public void Wrote(long cursor)
    {
        lock (_lock)
            _written = Math.Max(_written, cursor);
    }

    /// <summary>Whether nothing more is read, because it is on its way to another instance.</summary>
    public bool IsSuspended
    {
        get
        {
            lock (_lock)
                return _isSuspended;
        }
    }

    /// <summary>Nothing more is read; what was handed over may still finish.</summary>
    public void Suspend()
    {
        lock (_lock)
            _isSuspended = true;
    }

    /// <summary>Ends it: nothing more is handed over or written, and settling has no effect.</summary>
    /// <returns>The lease with its last cursor.</returns>
    public Lease Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return lease with { Cursor = _watermark.Finished, Wanted = IsDone ? Wanted : null, Finished = PositionRanges.Of(Ahead()) };
        }
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
            .. lease.Finished.After(_watermark.Read), .. _early.Select(static position => (position, position)),
        ];
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
