using Carillon.Scheduling;

namespace Carillon.Durability;

/// <summary>What a service publishes for one transaction, in its order.</summary>
internal abstract class OutgoingMessages(string service)
{
    // What was withdrawn leaves its place behind, so that the places of the others stay what they are.
    private readonly List<OutgoingMessage?> _messages = [];

    /// <summary>How many messages there are, withdrawn ones included.</summary>
    public int Count => _messages.Count;

    /// <summary>Whether any of them is to be published later.</summary>
    public bool HasScheduled => _messages.Exists(message => message?.Due is not null);

    /// <summary>The unit of work that the publishing code runs in, or null when only its messages are collected.</summary>
    public abstract IUnitOfWork? Work { get; }

    /// <summary>Adds a message of a service.</summary>
    public void Add(string publisher, in Envelope message)
    {
        Check(publisher, message.Type);
        _messages.Add(new OutgoingMessage(message, null));
    }

    /// <summary>Adds a message of a service that is to be published later.</summary>
    public void Schedule(string publisher, ScheduledMessage message)
    {
        Check(publisher, message.Envelope.Type);
        _messages.Add(new OutgoingMessage(message.Envelope, message.Due));
    }

    /// <summary>Takes a message off the schedule, with the commit.</summary>
    /// <returns>False when there is none of that id.</returns>
    public abstract ValueTask<bool> CancelScheduledAsync(string publisher, string source, EventId id, CancellationToken cancellation);

    /// <summary>Adds the messages from a position on to a transaction.</summary>
    public async ValueTask StoreAsync(IStoreTransaction transaction, int from, CancellationToken cancellation)
    {
        var later = new List<ScheduledMessage>();
        var now = new List<Envelope>();
        foreach (var message in _messages.Skip(from).OfType<OutgoingMessage>())
        {
            if (message.Due is { } due)
                later.Add(new ScheduledMessage(message.Envelope, due));
            else
                now.Add(message.Envelope);
        }

        // From the append on, others wait for this transaction, so it comes last.
        if (later.Count > 0)
            await transaction.ScheduleAsync(later, cancellation);
        if (now.Count > 0)
            await transaction.AppendAsync(now, cancellation);
    }

    /// <summary>Forgets the messages from a position on.</summary>
    public void Forget(int from) => _messages.RemoveRange(from, _messages.Count - from);

    /// <summary>Withdraws a message that is to be published later and waits here, from a position on.</summary>
    /// <returns>Whether there was one.</returns>
    protected bool Withdraw(EventId id, int from)
    {
        var place = _messages.FindIndex(from, message => message is { Due: not null } && message.Envelope.Id == id);
        if (place >= 0)
            _messages[place] = null;
        return place >= 0;
    }

    /// <summary>Refuses messages of other services.</summary>
    protected virtual void Check(string publisher, string? type)
    {
        if (publisher == service)
            return;
        throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
            $"Service {publisher} publishes {type} inside a unit of work of service {service}: each has its own store. Publish through the bus of {service}, or outside.");
    }
}
