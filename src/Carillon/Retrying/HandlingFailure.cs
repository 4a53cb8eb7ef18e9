using Carillon.Parking;

namespace Carillon.Retrying;

/// <summary>The failed attempts of a message, and whether trying again is pointless.</summary>
internal sealed class HandlingFailure(List<FailedAttempt> attempts)
{
    public IReadOnlyList<FailedAttempt> Attempts => attempts;

    public bool IsPermanent { get; private set; }

    /// <summary>Why the message becomes a dead letter, if it does: one of <see cref="ErrorCodes"/>.</summary>
    public string Code { get; private set; } = ErrorCodes.HandlerFailed;

    /// <summary>The same for people; null for what the last attempt says.</summary>
    public string? Reason { get; private set; }

    /// <summary>What the last attempt threw, for the log; null when it is not known any more.</summary>
    public Exception? Error { get; private set; }

    /// <summary>How it is tried again; null when it is as the subscription says.</summary>
    public RetryPolicy? Policy { get; private set; }

    /// <summary>The message itself is at fault: trying again is pointless.</summary>
    public void Reject(string code, string reason)
    {
        (Code, Reason) = (code, reason);
        IsPermanent = true;
    }

    public void Add(FailedAttempt attempt, bool isPermanent, Exception? error = null, RetryPolicy? policy = null)
    {
        attempts.Add(attempt);
        IsPermanent = isPermanent;
        (Error, Policy) = (error, policy);
        Code = error is HandlerTimedOutException ? ErrorCodes.HandlerTimedOut : ErrorCodes.HandlerFailed;
    }
}
