using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>
/// A process closes the file. What its receivers keep that have left, because messages of it are still being handled, stays theirs until its time is over or the
/// process has ended.
/// </summary>
internal sealed class ProcessDeparture(string process) : WriteOperation<bool>
{
    /// <returns>Whether something stays.</returns>
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.Prepare(PresenceSql.Leave).Set("process", process).ExecuteAsync(cancellation);
        var stays = await session.Prepare(PresenceSql.Departing).Set("process", process).NumberAsync(cancellation) > 0;
        if (!stays)
            await session.Prepare(PresenceSql.Remove).Set("process", process).ExecuteAsync(cancellation);
        await session.Prepare(PresenceSql.FreeLeases).ExecuteAsync(cancellation);
        await session.Prepare(PresenceSql.NextGeneration).ExecuteAsync(cancellation);
        session.Changed(DatabaseChange.Leases);
        return stays;
    }
}
