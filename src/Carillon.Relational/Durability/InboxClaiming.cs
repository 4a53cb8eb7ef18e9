using System.Security.Cryptography;
using Carillon.Durability;

namespace Carillon.Relational;

/// <summary>Marks a message as handled by a subscription, in one atomic statement.</summary>
internal class InboxClaiming(string subscription, Envelope message) : WriteOperation<InboxClaim>
{
    private const int HashBytes = 16;

    public sealed override async ValueTask<InboxClaim> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var mark = new InboxMark(
            subscription, IndexedText.Of(message.Source ?? ""), IndexedText.Of(message.Id.ToString()), SHA256.HashData(message.Body.Span)[..HashBytes]);
        while (true)
        {
            if (await TryMarkAsync(session, mark, cancellation))
                return InboxClaim.First;
            var isSame = await Set(session.Prepare(InboxSql.IsSame), mark).NumberAsync(cancellation);
            if (isSame is not null)
                return isSame == 1 ? InboxClaim.Duplicate : InboxClaim.IdReused;
            // What was there has been forgotten meanwhile, because it was too old.
        }
    }

    /// <summary>Marks the message, unless it is marked.</summary>
    /// <returns>Whether it was not marked before.</returns>
    protected virtual async ValueTask<bool> TryMarkAsync(WriteSession session, InboxMark mark, CancellationToken cancellation) =>
        await Set(session.Prepare(InboxSql.Claim), mark).Set("now", session.StoredNow).ExecuteAsync(cancellation) > 0;

    private static Statement Set(Statement statement, in InboxMark mark) =>
        statement.Set("subscription", mark.Subscription).Set("source", mark.Source).Set("id", mark.Id).Set("hash", mark.Hash);
}
