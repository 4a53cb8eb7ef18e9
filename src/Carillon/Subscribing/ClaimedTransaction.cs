using Carillon.Durability;
using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>A transaction that has claimed its messages in the inbox, as far as they are new.</summary>
/// <param name="Transaction">The transaction, which its owner disposes.</param>
/// <param name="Answer">Whether all are new; otherwise what is known of the first one that is not.</param>
/// <param name="Known">That message; null when all are new.</param>
internal readonly record struct ClaimedTransaction(IStoreTransaction Transaction, InboxClaim Answer, Delivery? Known);
