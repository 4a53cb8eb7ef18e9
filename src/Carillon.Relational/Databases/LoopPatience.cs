using Carillon.Diagnostics;

namespace Carillon.Relational;

/// <summary>What a loop does about its failures: it says them once and then now and then, and waits longer each time until something succeeds.</summary>
/// <param name="database">What the loop works on.</param>
/// <param name="what">What it does, for people to read.</param>
/// <param name="longest">How long it waits at most; null for what is usual.</param>
internal sealed class LoopPatience(Database database, string what, TimeSpan? longest = null)
{
    private readonly Patience _patience = new(database.Time, longest);
    private readonly RecurringFailure _failing = new(database.Time);

    /// <summary>What fails, apart from outages of the database; null while it succeeds.</summary>
    public FailureState? Failure => _failing.Current;

    /// <summary>Something succeeded.</summary>
    public void Succeeded()
    {
        _patience.Reset();
        _failing.Succeeded();
    }

    /// <summary>Waits after a failure; returns early, without an exception, when cancelled.</summary>
    public Task AfterFailureAsync(Exception error, CancellationToken cancellation)
    {
        if (!database.IsOutage(error) && _failing.Failed(error) is not null)
            database.Logger.WorkFailed(error, database.Name, what);
        return _patience.AfterFailureAsync(cancellation);
    }
}
