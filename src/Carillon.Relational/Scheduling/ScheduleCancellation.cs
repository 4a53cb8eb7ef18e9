namespace Carillon.Relational;

/// <summary>Takes a message off the schedule; false when there is none of that id.</summary>
internal sealed class ScheduleCancellation(string source, EventId id) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation) =>
        await session.Prepare(ScheduleSql.Cancel).Set("source", source).Set("id", id.ToString()).ExecuteAsync(cancellation) > 0;
}
