namespace Carillon.Durability;

/// <summary>What a service publishes for one transaction, in its order.</summary>
internal abstract class OutgoingMessages(string service)
{
    private readonly List<Envelope> _messages = [];

    /// <summary>How many messages there are.</summary>
    public int Count => _messages.Count;

    /// <summary>The unit of work that the publishing code runs in, or null when only its messages are collected.</summary>
    public abstract IUnitOfWork? Work { get; }

    /// <summary>Adds a message of a service.</summary>
    public virtual void Add(string publisher, in Envelope message)
    {
        if (publisher != service)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"Service {publisher} publishes {message.Type} inside a unit of work of service {service}: each has its own store. Publish through the bus of {service}, or outside.");
        }

        _messages.Add(message);
    }

    /// <summary>Adds the messages from a position on to a transaction.</summary>
    public ValueTask StoreAsync(IStoreTransaction transaction, int from, CancellationToken cancellation) =>
        from < _messages.Count ? transaction.AppendAsync(from == 0 ? _messages : _messages[from..], cancellation) : ValueTask.CompletedTask;

    /// <summary>Forgets the messages from a position on.</summary>
    public void Forget(int from) => _messages.RemoveRange(from, _messages.Count - from);
}
