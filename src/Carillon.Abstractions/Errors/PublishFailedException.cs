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
}
