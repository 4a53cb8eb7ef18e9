namespace Carillon;

/// <summary>
/// What the runtime knows of one handler: which messages it wants, through which subscription, and how to call it. Written by the
/// source generator for methods with <see cref="HandlerAttribute"/> or <see cref="LocalHandlerAttribute"/>, and by the builder for lambdas.
/// </summary>
public abstract class HandlerDefinition
{
    // Parameters as well as init accessors: generated code is compiled in the user's version of C#, and C# 8 has no init.
    private protected HandlerDefinition(
        string name, MessageDefinition? message, Type? declaringType, string? subscription, IReadOnlyList<string>? topics, DeliveryGuarantee delivery, bool isLocal)
    {
        Name = name;
        Message = message;
        DeclaringType = declaringType;
        Subscription = subscription;
        Topics = topics;
        Delivery = delivery;
        IsLocal = isLocal;
    }

    /// <summary>What people call the handler, such as <c>Inventory.On(OrderCreated)</c>.</summary>
    public string Name { get; }

    /// <summary>The message type, or null when the handler takes every message of its topics as an <see cref="Envelope"/>.</summary>
    public MessageDefinition? Message { get; }

    /// <summary>The class that declares the handler, or null for a lambda. Only ever compared, never inspected.</summary>
    public Type? DeclaringType { get; init; }

    /// <summary>The handler's own subscription within the service, or null for the service's.</summary>
    public string? Subscription { get; init; }

    /// <summary>The topics to handle, or null for the message's own.</summary>
    public IReadOnlyList<string>? Topics { get; init; }

    /// <summary>How often the effect of a message happens, as far as this handler asks.</summary>
    public DeliveryGuarantee Delivery { get; init; }

    /// <summary>Whether the handler runs inside the process for <see cref="ILocalEventBus"/> only.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The most messages in one call of a batch handler; 0 for a handler that takes one message.</summary>
    public int BatchSize { get; private protected init; }

    /// <summary>Whether the handler takes several messages in one call.</summary>
    public bool IsBatch => BatchSize > 0;

    /// <summary>
    /// Runs the handler. <paramref name="message"/> is a message of the type that <see cref="Message"/> names, a list that
    /// <see cref="CreateBatch"/> made, or ignored for a handler of envelopes.
    /// </summary>
    public abstract ValueTask InvokeAsync(object? message, EventContext context, CancellationToken cancellation);

    /// <summary>Puts messages of the right type into a list of that type, for a batch handler.</summary>
    public virtual object CreateBatch(ReadOnlySpan<object> messages) =>
        throw new InvalidOperationException($"{Name} takes one message, not a batch.");
}

/// <summary>A handler that takes one message.</summary>
/// <typeparam name="TMessage">The message's type.</typeparam>
public sealed class HandlerDefinition<TMessage> : HandlerDefinition
    where TMessage : notnull
{
    private readonly HandlerDelegate<TMessage> _invoke;

    /// <summary>Creates the definition. The properties say what the parameters of their names mean.</summary>
    public HandlerDefinition(
        string name, MessageDefinition<TMessage> message, HandlerDelegate<TMessage> invoke,
        Type? declaringType = null, string? subscription = null, IReadOnlyList<string>? topics = null, DeliveryGuarantee delivery = default, bool isLocal = false)
        : base(name, message, declaringType, subscription, topics, delivery, isLocal) => _invoke = invoke;

    /// <inheritdoc/>
    public override ValueTask InvokeAsync(object? message, EventContext context, CancellationToken cancellation) =>
        _invoke((TMessage)message!, context, cancellation);
}

/// <summary>A handler that takes several messages in one call.</summary>
/// <typeparam name="TMessage">The messages' type.</typeparam>
public sealed class BatchHandlerDefinition<TMessage> : HandlerDefinition
    where TMessage : notnull
{
    private readonly HandlerDelegate<IReadOnlyList<TMessage>> _invoke;

    /// <summary>Creates the definition. The properties say what the parameters of their names mean.</summary>
    public BatchHandlerDefinition(
        string name, MessageDefinition<TMessage> message, int batchSize, HandlerDelegate<IReadOnlyList<TMessage>> invoke,
        Type? declaringType = null, string? subscription = null, IReadOnlyList<string>? topics = null, DeliveryGuarantee delivery = default, bool isLocal = false)
        : base(name, message, declaringType, subscription, topics, delivery, isLocal)
    {
        BatchSize = batchSize;
        _invoke = invoke;
    }

    /// <inheritdoc/>
    public override ValueTask InvokeAsync(object? message, EventContext context, CancellationToken cancellation) =>
        _invoke((IReadOnlyList<TMessage>)message!, context, cancellation);

    /// <inheritdoc/>
    public override object CreateBatch(ReadOnlySpan<object> messages)
    {
        var batch = new TMessage[messages.Length];
        for (var i = 0; i < batch.Length; i++)
            batch[i] = (TMessage)messages[i];
        return batch;
    }
}

/// <summary>A handler that takes every message of its topics as it travelled, whatever its type.</summary>
public sealed class EnvelopeHandlerDefinition : HandlerDefinition
{
    private readonly HandlerDelegate<Envelope> _invoke;

    /// <summary>Creates the definition. The properties say what the parameters of their names mean.</summary>
    public EnvelopeHandlerDefinition(
        string name, HandlerDelegate<Envelope> invoke,
        Type? declaringType = null, string? subscription = null, IReadOnlyList<string>? topics = null, DeliveryGuarantee delivery = default, bool isLocal = false)
        : base(name, message: null, declaringType, subscription, topics, delivery, isLocal) => _invoke = invoke;

    /// <inheritdoc/>
    public override ValueTask InvokeAsync(object? message, EventContext context, CancellationToken cancellation) =>
        _invoke(context.Envelope, context, cancellation);
}
