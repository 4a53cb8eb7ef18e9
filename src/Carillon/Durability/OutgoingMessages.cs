using Carillon.Scheduling;

namespace Carillon.Durability;

/// <summary>
/// What a service publishes for one transaction, in its order. Any number of callers may publish at once; a message is here when its call
/// returns, and none comes any more once this is closed.
/// </summary>
internal abstract class OutgoingMessages(string service)
{
    private readonly Lock _gate = new();

    // What was withdrawn leaves its place behind, so that the places of the others stay what they are.
    private readonly List<OutgoingMessage?> _messages = [];
    private int _read;
    private bool _isClosed;

    /// <summary>How many messages there are, withdrawn ones included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _messages.Count;
        }
    }

    /// <summary>The unit of work that the publishing code runs in, or null when only its messages are collected.</summary>
    public abstract IUnitOfWork? Work { get; }

    /// <summary>Whether it takes no messages any more.</summary>
    protected bool IsClosed
    {
        get
        {
            lock (_gate)
                return _isClosed;
        }
    }

    /// <summary>Adds messages of a service, next to each other.</summary>
    public void Add(string publisher, params ReadOnlySpan<Envelope> messages)
    {
        foreach (ref readonly var message in messages)
            Check(publisher, message.Type);
        lock (_gate)
        {
            RefuseClosed();
            foreach (ref readonly var message in messages)
                _messages.Add(new OutgoingMessage(message, null));
        }
    }

    /// <summary>Adds a message of a service that is to be published later.</summary>
    public void Schedule(string publisher, ScheduledMessage message)
    {
        Check(publisher, message.Envelope.Type);
        lock (_gate)
        {
            RefuseClosed();
            _messages.Add(new OutgoingMessage(message.Envelope, message.Due));
        }
    }

    /// <summary>Takes a message off the schedule, with the commit.</summary>
    /// <returns>False when there is none of that id.</returns>
    public abstract ValueTask<bool> CancelScheduledAsync(string publisher, string source, EventId id, CancellationToken cancellation);

    /// <summary>Adds messages to a transaction.</summary>
    protected static async ValueTask StoreAsync(IReadOnlyList<OutgoingMessage> messages, IStoreTransaction transaction, CancellationToken cancellation)
    {
        var (now, _) = await ScheduleAsync(messages, transaction, cancellation);
        if (now.Count > 0)
            await transaction.AppendAsync(now, cancellation);
    }

    /// <summary>Adds those messages to a transaction that are to be published later. From the append of the others on, somebody may wait for it, so that comes last.</summary>
    /// <returns>The other messages, and whether some are to be published later.</returns>
    protected static async ValueTask<(IReadOnlyList<Envelope> Now, bool HasLater)> ScheduleAsync(
        IReadOnlyList<OutgoingMessage> messages, IStoreTransaction transaction, CancellationToken cancellation)
    {
        var later = new List<ScheduledMessage>();
        var now = new List<Envelope>(messages.Count);
        foreach (var message in messages)
        {
            if (message.Due is { } due)
                later.Add(new ScheduledMessage(message.Envelope, due));
            else
                now.Add(message.Envelope);
        }

        if (later.Count > 0)
            await transaction.ScheduleAsync(later, cancellation);
        return (now, later.Count > 0);
    }

    /// <summary>The messages from a position on that were not withdrawn, to be stored; none of them can be withdrawn any more.</summary>
    /// <param name="from">The first one, counted from 0.</param>
    /// <param name="to">The position behind the last one.</param>
    protected IReadOnlyList<OutgoingMessage> Read(int from, out int to)
    {
        lock (_gate)
        {
            _read = to = _messages.Count;
            return [.. _messages.Skip(from).OfType<OutgoingMessage>()];
        }
    }

    /// <summary>Forgets messages, up to a number of them. Those behind them move up.</summary>
    protected void Remove(int from, int count)
    {
        lock (_gate)
        {
            count = Math.Min(count, _messages.Count - from);
            _messages.RemoveRange(from, count);
            _read -= Math.Clamp(_read - from, 0, count);
        }
    }

    /// <summary>Withdraws a message that is to be published later and was not read yet, as often as it was scheduled.</summary>
    /// <returns>Whether there was one.</returns>
    protected bool Withdraw(EventId id)
    {
        lock (_gate)
        {
            var hasFound = false;
            for (var place = _read; place < _messages.Count; place++)
            {
                if (_messages[place] is not { Due: not null } message || message.Envelope.Id != id)
                    continue;
                _messages[place] = null;
                hasFound = true;
            }

            return hasFound;
        }
    }

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: it takes no messages any more, and lets none be withdrawn.</exception>
    protected void RefuseClosed()
    {
        if (IsClosed)
            throw Ended();
    }

    /// <summary>Takes messages again.</summary>
    protected void Open()
    {
        lock (_gate)
            _isClosed = false;
    }

    /// <summary>Takes no messages from now on: each one is either here already, or its publisher is refused.</summary>
    /// <returns>Whether it was open.</returns>
    protected bool TryClose()
    {
        lock (_gate)
            return !_isClosed && (_isClosed = true);
    }

    /// <summary>Refuses messages of other services.</summary>
    protected virtual void Check(string publisher, string? type)
    {
        if (publisher == service)
            return;
        throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
            $"Service {publisher} publishes {type} inside a unit of work of service {service}: each has its own store. Publish through the bus of {service}, or outside.");
    }

    /// <summary>What those are told who come too late.</summary>
    protected static CarillonException Ended() => new(ErrorCodes.InvalidUnitOfWork,
        "The unit of work has ended: it was committed or disposed. Begin another one for further work.");
}
