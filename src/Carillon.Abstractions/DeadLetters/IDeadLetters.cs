namespace Carillon;

/// <summary>
/// The dead letters of all subscriptions that share the store: what could not be handled, kept whole, for people to look at, replay or
/// discard. Safe to call by several callers at once.
/// </summary>
public interface IDeadLetters
{
    /// <summary>Lists dead letters, the oldest first: at most <see cref="DeadLetterQuery.Limit"/> of them, 100 unless the query says otherwise.</summary>
    ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default);

    /// <summary>Counts dead letters without reading them. <see cref="DeadLetterQuery.Limit"/> and <see cref="DeadLetterQuery.After"/> play no part.</summary>
    ValueTask<long> CountAsync(DeadLetterQuery query, CancellationToken cancellation = default);

    /// <summary>One dead letter, or null when there is none of that number (any more).</summary>
    ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default);

    /// <summary>
    /// Hands a dead letter to its subscription again, and to no other, with its earlier attempts remembered, even when it has expired. The messages of its
    /// key that nobody has begun with follow it in order: those of this process at once, those of another instance as soon as that has heard of it,
    /// which takes as long as a notification. Completes when the replay is stored, not when it has happened.
    /// </summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.DeadLetterNotFound"/>.</exception>
    ValueTask ReplayAsync(long id, CancellationToken cancellation = default);

    /// <summary>Gives a dead letter up for good. The messages of its key that wait behind it go on.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.DeadLetterNotFound"/>.</exception>
    ValueTask DiscardAsync(long id, CancellationToken cancellation = default);
}
