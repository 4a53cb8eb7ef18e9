namespace Carillon.Publishing;

/// <summary>
/// What was accepted and is not yet confirmed, bounded by count and bytes, and behind it the callers that wait for room, first come first
/// served. Handlers have room and a line of their own, as large: what waits for others to be handled must not hold up those who handle it. All
/// state changes of items happen here, under one lock; no foreign code runs under it.
/// </summary>
internal sealed class PublishBuffer(PublisherOptions options)
{
    private readonly Lock _gate = new();
    private readonly PublishQueue _accepted = new();
    private readonly PublishQueue _waiting = new();
    private readonly PublishQueue _waitingOfHandlers = new();
    private readonly PublishRoom _room = new(options);
    private readonly PublishRoom _roomOfHandlers = new(options);
    private readonly HashSet<PublishBatch> _inFlight = [];
    private long _finished;
    private bool _isOpen;
    private bool _isClosed;
    private bool _isIdle;

    /// <summary>How many messages are accepted and not yet confirmed.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _room.Messages + _roomOfHandlers.Messages;
        }
    }

    /// <summary>How many messages have an outcome.</summary>
    public long Finished => Volatile.Read(ref _finished);

    public void Open()
    {
        lock (_gate)
        {
            if (_isOpen || _isClosed)
                throw new InvalidOperationException("The publisher was started before.");
            _isOpen = true;
        }
    }

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.BusNotRunning"/>: it takes nothing in, not yet or not any more.</exception>
    public void DemandOpen()
    {
        if (!Volatile.Read(ref _isOpen) || Volatile.Read(ref _isClosed))
            throw NotRunning();
    }

    /// <summary>Takes items in, next to each other and in their order.</summary>
    /// <returns>Whether the sending loop is to be woken.</returns>
    /// <exception cref="CarillonException">Nothing was taken in: not running, or no room.</exception>
    public bool Add(ReadOnlySpan<PublishItem> items, OverloadBehavior? overload, CancellationToken cancellation)
    {
        lock (_gate)
        {
            RefuseUnlessOpen();
            if ((overload ?? options.Overload) == OverloadBehavior.Throw)
                RoomOf(items[0]).RefuseUnlessEnough(items, areOthersWaiting: LineOf(items[0]).First is not null);
            foreach (var item in items)
            {
                item.Cancellation = cancellation;
                if (LineOf(item).First is null && RoomOf(item).Has(item))
                    Accept(item);
                else
                    Wait(item);
            }

            return TakeIdle();
        }
    }

    /// <summary>Remembers the registration of an item, unless the item is completed already.</summary>
    public bool TryKeep(PublishItem item, CancellationTokenRegistration registration)
    {
        lock (_gate)
        {
            if (item.State == PublishItemState.Completed)
                return false;
            item.Registration = registration;
            return true;
        }
    }

    /// <summary>Fills the batch with what comes next. When there is nothing, the loop counts as idle until somebody is told to wake it.</summary>
    /// <param name="batch">An empty batch.</param>
    /// <param name="most">The most messages.</param>
    /// <param name="isFinished">Whether nothing will ever come again.</param>
    /// <returns>Whether there is something.</returns>
    public bool TryTake(PublishBatch batch, int most, out bool isFinished)
    {
        lock (_gate)
        {
            while (_accepted.First is { } item && (batch.Count == 0 || HasRoomInBatch(batch, most, item)))
            {
                _accepted.Remove(item);
                item.State = PublishItemState.InFlight;
                batch.Add(item);
            }

            if (batch.Count > 0)
                _inFlight.Add(batch);
            isFinished = batch.Count == 0 && _isClosed;
            _isIdle = batch.Count == 0 && !_isClosed;
            return batch.Count > 0;
        }
    }

    /// <summary>Tells the callers of a batch its outcome, and lets waiting callers into the room that it leaves.</summary>
    /// <returns>Whether the sending loop is to be woken.</returns>
    public bool Complete(PublishBatch batch)
    {
        bool wake;
        lock (_gate)
        {
            foreach (ref var item in batch.Items)
            {
                if (item!.State == PublishItemState.InFlight)
                    item.State = PublishItemState.Completed;
                else
                    item = null;
            }

            _inFlight.Remove(batch);
            _finished += batch.Count;
            _room.Leave(batch.Count - batch.OfHandlers, batch.Bytes - batch.BytesOfHandlers);
            _roomOfHandlers.Leave(batch.OfHandlers, batch.BytesOfHandlers);
            AdmitWaiting();
            wake = TakeIdle();
        }

        for (var i = 0; i < batch.Count; i++)
            batch.Items[i]?.Complete(batch.Errors[i]);
        return wake;
    }

    /// <summary>Takes a message back whose caller gives up, as far as it is not handed to the transport yet.</summary>
    /// <returns>Whether the sending loop is to be woken.</returns>
    public bool Cancel(PublishItem item, CancellationToken cancellation)
    {
        bool wake;
        lock (_gate)
        {
            // The item may have been used again meanwhile, for a caller with another token.
            if (item.Cancellation != cancellation || !TryWithdraw(item))
                return false;
            AdmitWaiting();
            wake = TakeIdle();
        }

        item.Complete(new OperationCanceledException(cancellation));
        return wake;
    }

    /// <summary>Refuses every new message, and those that wait for room. What was accepted stays.</summary>
    /// <returns>Whether the sending loop is to be woken, so that it can end.</returns>
    public bool Close()
    {
        List<PublishItem> refused = [];
        bool wake;
        lock (_gate)
        {
            _isClosed = true;
            Withdraw(_waiting, refused);
            Withdraw(_waitingOfHandlers, refused);
            wake = _isIdle;
            _isIdle = false;
        }

        foreach (var item in refused)
            item.Complete(NotRunning());
        return wake;
    }

    /// <summary>Gives up everything that is left, because there is no time to wait for it.</summary>
    public void Abandon()
    {
        const string reason = "the host stopped and the grace time was over.";
        List<PublishItem> unsent = [];
        List<PublishItem> unconfirmed = [];
        lock (_gate)
        {
            Withdraw(_accepted, unsent);
            foreach (var batch in _inFlight)
            {
                foreach (var item in batch.Items)
                {
                    if (item is { State: PublishItemState.InFlight } && TryWithdraw(item))
                        unconfirmed.Add(item);
                }
            }
        }

        foreach (var item in unsent)
            item.Complete(PublishOutcomes.Failure(item.Envelope, reason, isOutcomeUnknown: false, null));
        foreach (var item in unconfirmed)
            item.Complete(PublishOutcomes.Failure(item.Envelope, reason, isOutcomeUnknown: true, null));
    }

    private void Withdraw(PublishQueue queue, List<PublishItem> withdrawn)
    {
        while (queue.First is { } item)
        {
            TryWithdraw(item);
            withdrawn.Add(item);
        }
    }

    private bool TryWithdraw(PublishItem item)
    {
        switch (item.State)
        {
            case PublishItemState.Waiting:
                LineOf(item).Remove(item);
                break;
            case PublishItemState.Accepted:
                _accepted.Remove(item);
                RoomOf(item).Leave(1, item.Bytes);
                break;
            case PublishItemState.InFlight:
                item.IsAbandoned = true;
                break;
            default:
                return false;
        }

        item.State = PublishItemState.Completed;
        return true;
    }

    private PublishRoom RoomOf(PublishItem item) => item.IsOfHandler ? _roomOfHandlers : _room;

    private PublishQueue LineOf(PublishItem item) => item.IsOfHandler ? _waitingOfHandlers : _waiting;

    private bool HasRoomInBatch(PublishBatch batch, int most, PublishItem item) =>
        batch.Count < most && batch.Count < options.BatchMessages && batch.Bytes + item.Bytes <= options.BatchBytes;

    private void Accept(PublishItem item)
    {
        item.State = PublishItemState.Accepted;
        _accepted.Add(item);
        RoomOf(item).Take(item);
    }

    private void Wait(PublishItem item)
    {
        item.State = PublishItemState.Waiting;
        LineOf(item).Add(item);
    }

    private void AdmitWaiting()
    {
        AdmitWaiting(_waitingOfHandlers, _roomOfHandlers);
        AdmitWaiting(_waiting, _room);
    }

    private void AdmitWaiting(PublishQueue line, PublishRoom room)
    {
        while (line.First is { } item && room.Has(item))
        {
            line.Remove(item);
            Accept(item);
        }
    }

    private bool TakeIdle()
    {
        if (!_isIdle || _accepted.First is null)
            return false;
        _isIdle = false;
        return true;
    }

    private void RefuseUnlessOpen()
    {
        if (!_isOpen || _isClosed)
            throw NotRunning();
    }

    private CarillonException NotRunning() => new(ErrorCodes.BusNotRunning, _isClosed
        ? "The bus has stopped with its host: nothing can be published any more."
        : "The bus is not running yet: publish after the host has started.");
}
