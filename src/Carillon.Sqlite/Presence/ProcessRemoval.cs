namespace Carillon.Sqlite;

/// <summary>Takes everything that processes hold from them: they have died, or leave.</summary>
internal sealed class ProcessRemoval(IReadOnlyList<string> processes) : WriteOperation<bool>
{
    public override bool Run(WriteSession session)
    {
        var isGone = false;
        foreach (var process in processes)
        {
            isGone |= session.Prepare(PresenceSql.Remove).Set("process", process).Execute() > 0;
            isGone |= session.Prepare(PresenceSql.RemoveInstances).Set("process", process).Execute() > 0;
            session.Prepare(PresenceSql.FreeClaims).Set("process", process).Execute();
        }

        if (isGone)
        {
            session.Prepare(PresenceSql.FreeLeases).Execute();
            session.Prepare(PresenceSql.NextGeneration).Execute();
            session.Changed(FileChange.Leases | FileChange.Parking);
        }

        return isGone;
    }
}
