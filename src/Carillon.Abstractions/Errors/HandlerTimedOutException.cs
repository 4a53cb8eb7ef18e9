namespace Carillon;

/// <summary>
/// A handler was cancelled because it took longer than <c>SubscriptionOptions.HandlerTimeout</c>, and did not finish its message. What it
/// threw then is the <see cref="Exception.InnerException"/>.
/// </summary>
public sealed class HandlerTimedOutException : CarillonException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which handler, and how long it had.</param>
    /// <param name="innerException">What the handler threw when it was cancelled.</param>
    public HandlerTimedOutException(string message, Exception? innerException = null)
        : base(ErrorCodes.HandlerTimedOut, message, innerException)
    {
    }
}
