using System.Security.Cryptography;
using Carillon.Durability;

namespace Carillon.Relational;

/// <summary>Marks a message as handled by a subscription, in one atomic statement.</summary>
internal sealed class InboxClaiming(string subscription, Envelope message) : WriteOperation<InboxClaim>
{
    private const int HashBytes = 16;

    public override async ValueTask<InboxClaim> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var hash = SHA256.HashData(message.Body.Span)[..HashBytes];
        var (source, id) = (IndexedText.Of(message.Source ?? ""), IndexedText.Of(message.Id.ToString()));
        while (true)
        {
            var isFirst = await session.Prepare(InboxSql.Claim)
                .Set("subscription", subscription).Set("source", source).Set("id", id).Set("hash", hash).Set("now", session.StoredNow).ExecuteAsync(cancellation) > 0;
            if (isFirst)
                return InboxClaim.First;
            var isSame = await session.Prepare(InboxSql.IsSame)
                .Set("subscription", subscription).Set("source", source).Set("id", id).Set("hash", hash).NumberAsync(cancellation);
            if (isSame is not null)
                return isSame == 1 ? InboxClaim.Duplicate : InboxClaim.IdReused;
            // What was there has been forgotten meanwhile, because it was too old.
        }
    }
}
