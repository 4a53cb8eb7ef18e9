namespace Carillon;

/// <summary>
/// A message was not accepted by the transport. Nothing was stored for it unless <see cref="IsOutcomeUnknown"/> says that this is
/// not certain; publishing it again with the same id is then safe, because the inbox knows the id.
/// </summary>
public sealed class PublishFailedException : CarillonException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The stable code, one of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">Which message failed, why, and what to do next.</param>
    /// <param name="isOutcomeUnknown">Whether the message may have been stored all the same.</param>
    /// <param name="innerException">What the transport reported.</param>
    public PublishFailedException(string code, string message, bool isOutcomeUnknown = false, Exception? innerException = null)
        : base(code, message, innerException) => IsOutcomeUnknown = isOutcomeUnknown;

    /// <summary>Whether the message may have been stored although the publisher was not told so.</summary>
    public bool IsOutcomeUnknown { get; }

    /// <summary>
    /// Whether the message is refused for now only: for the state of the transport, not for what it is, such as when too few replicas are there, a disk
    /// is full, a server can only be read, or the transport asks to slow down. True as well where a transport threw
    /// something of its own, so that nobody knows what became of the message and nobody has called it final. Default false: refused for good. A relay tries again for ever what is refused
    /// for now, and other keys go on meanwhile; everybody else gets the exception and decides, because only the caller knows how long to wait.
    /// </summary>
    public bool IsTransient { get; init; }

    /// <summary>When to ask again at the earliest, counted from now, where the transport says so; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
