using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>Takes everything that processes hold from them: they have died.</summary>
internal sealed class ProcessRemoval(IReadOnlyList<string> processes) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var isGone = false;
        foreach (var process in processes)
        {
            isGone |= await session.Prepare(PresenceSql.Remove).Set("process", process).ExecuteAsync(cancellation) > 0;
            isGone |= await session.Prepare(PresenceSql.NoteGone).Set("process", process).Set("now", session.StoredNow).ExecuteAsync(cancellation) > 0;
        }

        if (isGone)
        {
            await session.Prepare(PresenceSql.FreeLeases).ExecuteAsync(cancellation);
            await session.Prepare(PresenceSql.NextGeneration).ExecuteAsync(cancellation);
            session.Changed(DatabaseChange.Leases);
        }

        return isGone;
    }
}
