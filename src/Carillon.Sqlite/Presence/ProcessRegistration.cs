namespace Carillon.Sqlite;

/// <summary>Makes a process known to the others.</summary>
internal sealed class ProcessRegistration(string process) : WriteOperation<bool>
{
    public override bool Run(WriteSession session)
    {
        session.Prepare(PresenceSql.Register).Set("process", process).Set("pid", Environment.ProcessId).Set("now", session.StoredNow).Execute();
        session.Changed(FileChange.Leases);
        return true;
    }
}
