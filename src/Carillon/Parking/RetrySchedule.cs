using Carillon.Retrying;
using Carillon.Transports;

namespace Carillon.Parking;

/// <summary>
/// Decides what becomes of a message that failed: which attempt and round it was, whether and after how long it is tried again, and what
/// waits for it meanwhile. Nothing else decides that.
/// </summary>
internal sealed class RetrySchedule(SubscriptionOptions options, Backoff backoff)
{
    /// <summary>The attempts before this delivery that are known, the oldest first.</summary>
    public static IReadOnlyList<FailedAttempt> EarlierAttempts(Delivery delivery) => delivery is ParkedDelivery parked ? parked.Parked.Attempts : [];

    /// <summary>The number of the next attempt.</summary>
    public static int NextAttempt(Delivery delivery, IReadOnlyList<FailedAttempt> attempts) => (attempts is [.., var last] ? last.Number : delivery.EarlierDeliveries) + 1;

    /// <summary>A round of attempts failed.</summary>
    /// <param name="message">The message as it was before the round.</param>
    /// <param name="failure">What happened.</param>
    public ParkedMessage AfterRound(ParkedMessage message, HandlingFailure failure)
    {
        var rounds = message.Rounds + 1;
        var tried = message with { Rounds = rounds };
        if (failure.IsPermanent || rounds > (failure.Policy ?? options.Retries).DelayedAttempts)
            return Bury(tried, failure.Code, failure.Reason ?? Describe(failure.Attempts[^1]), failure.Attempts);
        return tried with
        {
            State = ParkedState.Scheduled,
            Delay = backoff.AfterRound(rounds, failure.Policy),
            Attempts = AttemptHistory.Shorten(failure.Attempts),
            BlocksKey = true,
            Code = null,
            Reason = null,
        };
    }

    /// <summary>A message is not tried again, or not before a long time and as something that people should look at.</summary>
    public ParkedMessage Bury(ParkedMessage message, string code, string reason, IReadOnlyList<FailedAttempt> attempts)
    {
        // What came too late for its own purpose is no reason for later ones to wait, and no time makes it better.
        var hasExpired = code == ErrorCodes.Expired;
        var stops = options.DeadLetters == DeadLetterPolicy.StopKey && !hasExpired;
        return message with
        {
            State = stops ? ParkedState.Stopped : ParkedState.Dead,
            Delay = stops ? backoff.Longest : TimeSpan.Zero,
            BlocksKey = options.DeadLetters != DeadLetterPolicy.Skip && !hasExpired,
            Code = stops ? ErrorCodes.KeyStopped : code,
            Reason = stops ? $"{code}: {reason}" : reason,
            Attempts = AttemptHistory.Shorten(attempts),
        };
    }

    /// <summary>No living instance can handle a message: it waits for one that can, for as long as the subscription says, and holds up nothing.</summary>
    public ParkedMessage Wait(ParkedMessage message, string reason, DateTimeOffset now)
    {
        // From the moment on at which nobody could handle it any more: it may have been parked for another reason long before.
        var since = message.BlocksKey ? now : message.ParkedAt;
        var left = since + options.UnhandledRetention - now;
        return message with
        {
            State = left > TimeSpan.Zero ? ParkedState.Scheduled : ParkedState.Dead,
            Delay = left > TimeSpan.Zero ? left : TimeSpan.Zero,
            BlocksKey = false,
            Code = ErrorCodes.UnknownType,
            Reason = reason,
        };
    }

    /// <summary>A message waits for its time, with what comes behind it, and nothing is counted against it.</summary>
    public static ParkedMessage Postpone(ParkedMessage message, TimeSpan delay) =>
        message with { State = ParkedState.Scheduled, Delay = delay, BlocksKey = true, Code = null, Reason = null };

    private static string Describe(FailedAttempt attempt) =>
        attempt.Handler is null ? $"{attempt.ErrorType}: {attempt.Message}" : $"{attempt.Handler} threw {attempt.ErrorType}: {attempt.Message}";
}
