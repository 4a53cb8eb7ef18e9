namespace Carillon.Transports;

/// <summary>
/// An extra of transports that keep messages after they were handled: their history, in the order in which it was committed.
/// </summary>
public interface IMessageLog
{
    /// <summary>Reads a page of the history. Safe to call at any time, by several callers at once; never waits for new messages.</summary>
    ValueTask<IReadOnlyList<LoggedMessage>> ReadAsync(LogQuery query, CancellationToken cancellation = default);
}
