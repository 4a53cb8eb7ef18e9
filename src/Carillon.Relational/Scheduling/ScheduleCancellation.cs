namespace Carillon.Relational;

/// <summary>
/// Takes a message off the schedule; false when there is none of that id. One that is being published, or cancelled by a transaction that is still open, is not
/// waited for: it is as good as gone.
/// </summary>
internal sealed class ScheduleCancellation(string source, EventId id) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation) =>
        await session.Prepare(ScheduleSql.Of(session).Find).Set("identity", MessageIdentity.Of(source, id)).NumberAsync(cancellation) is { } scheduled
        && await session.Prepare(ScheduleSql.Remove).Set("scheduled", scheduled).ExecuteAsync(cancellation) > 0;
}
