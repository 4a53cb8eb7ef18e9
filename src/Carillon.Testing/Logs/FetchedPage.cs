namespace Carillon.Testing.Logs;

/// <summary>What a fetch brought.</summary>
/// <param name="Messages">The messages for the subscription, in the order of the log.</param>
/// <param name="ReadTo">Up to where the partitions were read: what lies before it and is not in the page does not concern the subscription.</param>
/// <param name="Stale">The partitions that were asked for with a lease that does not hold any more. Nothing of them is in the page.</param>
/// <param name="Generation">The subscription's generation.</param>
internal sealed record FetchedPage(IReadOnlyList<CommittedMessage> Messages, long ReadTo, IReadOnlyList<int> Stale, long Generation);
