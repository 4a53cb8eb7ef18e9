namespace Carillon.Relational;

/// <summary>Passes on what changed in the database, by this process or another one.</summary>
internal sealed class DatabaseChanges
{
    private readonly Lock _lock = new();
    private Action<DatabaseChange>[] _listeners = [];

    /// <summary>Calls back for every change, until disposed. The callback returns at once and never throws.</summary>
    public IDisposable Listen(Action<DatabaseChange> listener)
    {
        lock (_lock)
            _listeners = [.. _listeners, listener];
        return new Listener(this, listener);
    }

    public void Raise(DatabaseChange changes)
    {
        if (changes == DatabaseChange.None)
            return;
        foreach (var listener in Volatile.Read(ref _listeners))
            listener(changes);
    }

    private sealed class Listener(DatabaseChanges changes, Action<DatabaseChange> listener) : IDisposable
    {
        public void Dispose()
        {
            lock (changes._lock)
                changes._listeners = [.. changes._listeners.Where(other => other != listener)];
        }
    }
}
