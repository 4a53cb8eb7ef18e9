namespace Carillon;

/// <summary>
/// What the catalog knows of one message type: its name on the wire, version, topic, kind and key. Written by the source generator
/// for every handled and published type of an assembly; there is no need to write one by hand.
/// </summary>
public abstract class MessageDefinition
{
    // Parameters as well as init accessors: generated code is compiled in the user's version of C#, and C# 8 has no init.
    private protected MessageDefinition(Type clrType, string name, MessageKind kind, int version, string? topic, Priority priority)
    {
        ClrType = clrType;
        Name = name;
        Kind = kind;
        Version = version;
        Topic = topic ?? name;
        Priority = priority;
    }

    /// <summary>The CLR type of the message. It never appears on the wire.</summary>
    public Type ClrType { get; }

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary>Event or command.</summary>
    public MessageKind Kind { get; }

    /// <summary>The version of the message's shape. Default 1.</summary>
    public int Version { get; init; }

    /// <summary>The topic that the message goes to. Default: its name.</summary>
    public string Topic { get; init; }

    /// <summary>The priority unless the publisher says otherwise. Default <see cref="Priority.Normal"/>.</summary>
    public Priority Priority { get; init; }

    /// <summary>Whether the message declares a key.</summary>
    public abstract bool HasKey { get; }

    /// <summary>Calls back with the CLR type as a type argument, so that no reflection is needed to get from data to code.</summary>
    public abstract TResult Accept<TState, TResult>(IMessageVisitor<TState, TResult> visitor, TState state);
}

/// <summary>What the catalog knows of the message type <typeparamref name="TMessage"/>.</summary>
/// <typeparam name="TMessage">The CLR type of the message.</typeparam>
public sealed class MessageDefinition<TMessage> : MessageDefinition
    where TMessage : notnull
{
    /// <summary>Creates the definition.</summary>
    /// <param name="name">The name on the wire.</param>
    /// <param name="kind">Event or command.</param>
    /// <param name="key">Takes the key from a message, or null when the message has none.</param>
    /// <param name="version">The version of the message's shape.</param>
    /// <param name="topic">The topic that the message goes to, or null for its name.</param>
    /// <param name="priority">The priority unless the publisher says otherwise.</param>
    public MessageDefinition(
        string name, MessageKind kind, Func<TMessage, string?>? key = null, int version = 1, string? topic = null, Priority priority = Priority.Normal)
        : base(typeof(TMessage), name, kind, version, topic, priority) => Key = key;

    /// <summary>Takes the key from a message, or null when the message has none.</summary>
    public Func<TMessage, string?>? Key { get; }

    /// <inheritdoc/>
    public override bool HasKey => Key is not null;

    /// <inheritdoc/>
    public override TResult Accept<TState, TResult>(IMessageVisitor<TState, TResult> visitor, TState state) =>
        visitor.Visit(this, state);
}
