namespace Carillon.Relational;

/// <summary>The database did not do what was asked of it. Callers turn it into what their own contract promises.</summary>
internal sealed class StorageFailedException(string code, string reason, Exception inner) : CarillonException(code, reason, inner)
{
    /// <summary>The message without its code.</summary>
    public string Reason { get; } = reason;

    /// <summary>Whether it may be stored all the same.</summary>
    public bool IsOutcomeUnknown { get; init; }

    /// <summary>Whether it is the content that the database refuses: the same can never be written as it is.</summary>
    public bool IsForContent { get; init; }

    /// <summary>Whether every other write would fail the same way now.</summary>
    public bool ConcernsAll { get; init; }

    /// <summary>Whether the database cannot be reached at all just now.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>Whether the same may well succeed when it is tried again at once, such as after a deadlock.</summary>
    public bool IsTransient { get; init; }

    /// <summary>What the caller of an operation is told: what the operation says on purpose as it is.</summary>
    public Exception ForCaller => InnerException is CarillonConfigurationException or PublishFailedException ? InnerException : this;

    /// <summary>What a publisher is told: refused for good only where the message itself is what the database does not take.</summary>
    public PublishFailedException ToRefusal(string message) => new(Code, message, IsOutcomeUnknown, this) { IsTransient = !IsForContent };
}
