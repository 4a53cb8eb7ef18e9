namespace Carillon.Relational;

/// <summary>Forgets a few messages that were handled long ago.</summary>
internal sealed class InboxRetention(TimeSpan age, int limit) : WriteOperation<int>
{
    public override ValueTask<int> RunAsync(WriteSession session, CancellationToken cancellation) =>
        session.Prepare(session.Dialect.DeleteHandled).Set("before", StoredTime.From(session.Now - age)).Set("limit", limit).ExecuteAsync(cancellation);
}
