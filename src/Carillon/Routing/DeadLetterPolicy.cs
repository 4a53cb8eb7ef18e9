namespace Carillon;

/// <summary>What becomes of the later messages of a key whose message became a dead letter.</summary>
public enum DeadLetterPolicy
{
    /// <summary>They wait behind it, in order, until it is replayed or discarded; other keys go on. The default.</summary>
    ParkKey = 0,

    /// <summary>They go on without it. For subscriptions in which each message stands for itself.</summary>
    Skip = 1,

    /// <summary>
    /// They wait behind it, in order, while it is tried again for ever, after <see cref="RetryPolicy.MaxDelay"/> each time, and an alarm is
    /// raised: in the log at every failure, in the metric <c>carillon.subscription.keys.stopped</c> and in the health check. The key goes on by
    /// itself when the handler succeeds, or when the message is discarded. Other keys go on. For subscriptions that must not leave anything
    /// out and whose cause of failure is repaired elsewhere, such as a service that they call.
    /// </summary>
    StopKey = 2,
}
