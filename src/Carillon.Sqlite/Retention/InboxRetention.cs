namespace Carillon.Sqlite;

/// <summary>Forgets a few messages that were handled long ago.</summary>
internal sealed class InboxRetention(TimeSpan age, int limit) : WriteOperation<int>
{
    public override int Run(WriteSession session) =>
        session.Prepare(RetentionSql.DeleteHandled).Set("before", StoredTime.From(session.Now - age)).Set("limit", limit).Execute();
}
