namespace Carillon;

/// <summary>
/// The dead letters of all subscriptions that share the store: what could not be handled, kept whole, for people to look at, replay or
/// discard. Safe to call by several callers at once.
/// </summary>
public interface IDeadLetters
{
    /// <summary>Lists dead letters, the oldest first.</summary>
    ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default);

    /// <summary>One dead letter, or null when there is none of that number (any more).</summary>
    ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default);

    /// <summary>
    /// Hands a dead letter to its subscription again, and to no other, with its earlier attempts remembered. When it is handled now, the
    /// messages of its key that wait behind it follow in order. Completes when the replay is stored, not when it has happened.
    /// </summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.DeadLetterNotFound"/>.</exception>
    ValueTask ReplayAsync(long id, CancellationToken cancellation = default);

    /// <summary>Gives a dead letter up for good. The messages of its key that wait behind it go on.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.DeadLetterNotFound"/>.</exception>
    ValueTask DiscardAsync(long id, CancellationToken cancellation = default);
}
