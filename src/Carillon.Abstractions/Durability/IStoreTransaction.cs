using System.Data.Common;

namespace Carillon.Durability;

/// <summary>One transaction of a store. Disposing it without a commit rolls it back. Not safe for several threads at once.</summary>
public interface IStoreTransaction : IAsyncDisposable
{
    /// <summary>The transaction, for the user's own commands.</summary>
    DbTransaction Transaction { get; }

    /// <summary>
    /// Marks a message as handled by a subscription, in one atomic step. The mark is the transaction's: it exists once this commits, and
    /// another transaction that claims the same message waits for that.
    /// </summary>
    ValueTask<InboxClaim> ClaimAsync(string subscription, Envelope message, CancellationToken cancellation);

    /// <summary>Adds outgoing messages, in their order.</summary>
    ValueTask AppendAsync(IReadOnlyList<Envelope> messages, CancellationToken cancellation);

    /// <summary>Commits everything, durably.</summary>
    /// <exception cref="PublishFailedException">Nothing was stored, unless it says that the outcome is unknown.</exception>
    ValueTask CommitAsync(CancellationToken cancellation);
}
