using Carillon.Diagnostics;

namespace Carillon.Relational;

/// <summary>
/// Whether a database can be reached, as all that this process does with it finds out. An outage is said here, once and then now and then, and so is its
/// end; whoever meets it meanwhile says nothing.
/// </summary>
internal sealed class Reachability(Database database)
{
    private readonly Lazy<RecurringFailure> _outage = new(() => new RecurringFailure(database.Time));
    private long _lastSuccess;

    /// <summary>The outage that lasts now: since when, and why; null while the database answers.</summary>
    public FailureState? Outage => _outage.Value.Current;

    /// <summary>When the database last did what it was asked for; null before the first time.</summary>
    public DateTimeOffset? LastSuccess => Volatile.Read(ref _lastSuccess) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The database has done what it was asked for.</summary>
    public void Succeeded()
    {
        Volatile.Write(ref _lastSuccess, database.Time.GetUtcNow().UtcTicks);
        if (_outage.Value.Succeeded() is { } over)
            database.Logger.ReachedAgain(database.Name, over.Lasted);
    }

    /// <summary>Notes an outage.</summary>
    public void Failed(Exception error)
    {
        if (_outage.Value.Failed(error) is not { } notice)
            return;
        var reason = error is StorageFailedException failure ? failure.Reason : error.Message;
        if (notice.Count == 1)
            database.Logger.Unreachable(database.Name, reason);
        else
            database.Logger.StillUnreachable(database.Name, notice.Lasted, notice.Count, reason);
    }
}
