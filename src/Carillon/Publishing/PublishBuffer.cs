namespace Carillon.Publishing;

/// <summary>
/// What was accepted and is not yet confirmed, bounded by count and bytes, and behind it the callers that wait for room, first come first
/// served. All state changes of items happen here, under one lock; no foreign code runs under it.
/// </summary>
internal sealed class PublishBuffer(PublisherOptions options)
{
    private readonly Lock _gate = new();
    private readonly PublishQueue _accepted = new();
    private readonly PublishQueue _waiting = new();
    private readonly PublishRoom _room = new(options);
    private PublishBatch? _inFlight;
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
                return _room.Messages;
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

    /// <summary>Takes items in, next to each other and in their order.</summary>
    /// <returns>Whether the sending loop is to be woken.</returns>
    /// <exception cref="CarillonException">Nothing was taken in: not running, or no room.</exception>
    public bool Add(ReadOnlySpan<PublishItem> items, OverloadBehavior? overload, CancellationToken cancellation)
    {
        lock (_gate)
        {
            RefuseUnlessOpen();
            if ((overload ?? options.Overload) == OverloadBehavior.Throw)
                _room.RefuseUnlessEnough(items, areOthersWaiting: _waiting.First is not null);
            foreach (var item in items)
            {
                item.Cancellation = cancellation;
                if (_waiting.First is null && _room.Has(item))
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
    /// <param name="isFinished">Whether nothing will ever come again.</param>
    /// <returns>Whether there is something.</returns>
    public bool TryTake(PublishBatch batch, out bool isFinished)
    {
        lock (_gate)
        {
            while (_accepted.First is { } item && (batch.Count == 0 || HasRoomInBatch(batch, item)))
            {
                _accepted.Remove(item);
                item.State = PublishItemState.InFlight;
                batch.Add(item);
            }

            _inFlight = batch;
            isFinished = batch.Count == 0 && _isClosed;
            _isIdle = batch.Count == 0 && !_isClosed;
            return batch.Count > 0;
        }
    }

    /// <summary>Tells the callers of a batch its outcome, and lets waiting callers into the room that it leaves.</summary>
    public void Complete(PublishBatch batch)
    {
        lock (_gate)
        {
            foreach (ref var item in batch.Items)
            {
                if (item!.State == PublishItemState.InFlight)
                    item.State = PublishItemState.Completed;
                else
                    item = null;
            }

            _inFlight = null;
            _finished += batch.Count;
            _room.Leave(batch.Count, batch.Bytes);
            AdmitWaiting();
        }

        for (var i = 0; i < batch.Count; i++)
            batch.Items[i]?.Complete(batch.Errors[i]);
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
            foreach (var item in _inFlight is { } batch ? batch.Items : [])
            {
                if (item is { State: PublishItemState.InFlight } && TryWithdraw(item))
                    unconfirmed.Add(item);
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
                _waiting.Remove(item);
                break;
            case PublishItemState.Accepted:
                _accepted.Remove(item);
                _room.Leave(1, item.Bytes);
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

    private bool HasRoomInBatch(PublishBatch batch, PublishItem item) =>
        batch.Count < options.BatchMessages && batch.Bytes + item.Bytes <= options.BatchBytes;

    private void Accept(PublishItem item)
    {
        item.State = PublishItemState.Accepted;
        _accepted.Add(item);
        _room.Take(item);
    }

    private void Wait(PublishItem item)
    {
        item.State = PublishItemState.Waiting;
        _waiting.Add(item);
    }

    private void AdmitWaiting()
    {
        while (_waiting.First is { } item && _room.Has(item))
        {
            _waiting.Remove(item);
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
