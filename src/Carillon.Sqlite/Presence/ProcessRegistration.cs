using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>Makes a process known to the others.</summary>
internal sealed class ProcessRegistration(string process) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.Prepare(PresenceSql.Register).Set("process", process).Set("pid", Environment.ProcessId).Set("now", session.StoredNow).ExecuteAsync(cancellation);
        session.Changed(DatabaseChange.Leases);
        return true;
    }
}
