using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>This process among those that have the file open: it makes itself known, and finds those that died.</summary>
internal sealed class ProcessPresence(string process, string companion, WriteQueue writes, ReadConnections reads) : IDisposable
{
    private readonly ProcessLock _lock = ProcessLock.Take(companion, process);
    private bool _stays;

    /// <summary>The name of this process, different at every start.</summary>
    public string Process => process;

    public async Task RegisterAsync()
    {
        await writes.WriteAsync(new ProcessRegistration(process), CancellationToken.None);
        await RemoveDeadAsync();
    }

    public async Task LeaveAsync() => _stays = await writes.WriteAsync(new ProcessDeparture(process), CancellationToken.None);

    /// <summary>Frees what dead processes hold.</summary>
    /// <returns>How many other processes live.</returns>
    public async Task<int> RemoveDeadAsync()
    {
        var others = reads.Read(process, static (connection, self) => Others(connection, self));
        // Where locks are switched off, nobody can be told dead; then leases must do.
        if (others.Count == 0 || ProcessLock.IsDead(companion, process))
            return others.Count;
        var dead = others.Where(other => ProcessLock.IsDead(companion, other)).ToList();
        if (dead.Count > 0)
        {
            await writes.WriteAsync(new ProcessRemoval(dead), CancellationToken.None);
            foreach (var other in dead)
                ProcessLock.Remove(companion, other);
        }

        return others.Count - dead.Count;
    }

    public void Dispose()
    {
        if (_stays)
            _lock.Keep();
        else
            _lock.Dispose();
    }

    private static List<string> Others(PreparedConnection connection, string self)
    {
        var others = new List<string>();
        using var rows = connection.Prepare(PresenceSql.Others).Set("process", self).Read();
        while (rows.Read())
            others.Add(rows.GetString(0));
        return others;
    }
}
