namespace Carillon.Sqlite;

/// <summary>Takes a message off the schedule; false when there is none of that id.</summary>
internal sealed class ScheduleCancellation(string source, EventId id) : WriteOperation<bool>
{
    public override bool Run(WriteSession session) =>
        session.Prepare(ScheduleSql.Cancel).Set("source", source).Set("id", id.ToString()).Execute() > 0;
}
