namespace Carillon;

/// <summary>
/// The message being handled and what surrounds it. Take it as a parameter of a handler. It is valid until the handler has completed: whoever keeps it gets an
/// <see cref="InvalidOperationException"/> afterwards.
/// </summary>
public abstract class EventContext
{
    /// <summary>The message as it travelled: attributes and bytes.</summary>
    public abstract ref readonly Envelope Envelope { get; }

    /// <summary>The service that handles the message.</summary>
    public abstract string Service { get; }

    /// <summary>The subscription through which the message came, such as <c>inventory</c> or <c>inventory.audit</c>.</summary>
    public abstract string Subscription { get; }

    /// <summary>Which attempt this is, from 1, counting every earlier one in this and in other processes that is known of.</summary>
    public abstract int Attempt { get; }

    /// <summary>The services of this attempt: a new scope for each attempt, created when it is first used.</summary>
    public abstract IServiceProvider Services { get; }

    /// <summary>The bus of the service that handles the message.</summary>
    public abstract IEventBus Bus { get; }

    /// <summary>The unit of work that the handler runs in.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: it runs in none, because it is handled at least once.</exception>
    public abstract IUnitOfWork UnitOfWork { get; }

    /// <summary>Cancelled when the attempt takes longer than <c>HandlerTimeout</c>, when the host stops and the grace time is over, or when the message is taken away from this process.</summary>
    public abstract CancellationToken Cancellation { get; }

    /// <summary>The id of the message.</summary>
    public EventId Id => Envelope.Id;

    /// <summary>The message's name on the wire.</summary>
    public string Type => Envelope.Type ?? "";

    /// <summary>The message's key, or null.</summary>
    public string? Key => Envelope.Key;

    /// <summary>The conversation that the message belongs to.</summary>
    public EventId CorrelationId => Envelope.CorrelationId;

    /// <summary>When the fact happened.</summary>
    public DateTimeOffset Time => Envelope.Time;

    /// <summary>
    /// Publishes an event, or sends a command, that a handler returned; null is nothing. Called by generated code; a handler that wants to
    /// publish by itself uses <see cref="Bus"/>.
    /// </summary>
    public abstract ValueTask ReturnAsync<TMessage>(TMessage? message);
}
