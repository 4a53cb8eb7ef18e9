namespace Carillon.Health;

/// <summary>
/// Notices that something waits and nothing is finished. It is asked from time to time and compares with what it saw before, so that what it
/// watches need not look at a clock.
/// </summary>
internal sealed class ProgressWatch(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _finished;
    private DateTimeOffset? _since;

    /// <summary>Looks.</summary>
    /// <param name="finished">How much was finished so far.</param>
    /// <param name="isWaiting">Whether anything waits to be finished.</param>
    /// <returns>Since when it is known that something waits and nothing was finished; null when there is nothing to wait for.</returns>
    public DateTimeOffset? Look(long finished, bool isWaiting)
    {
        lock (_gate)
        {
            if (!isWaiting)
                _since = null;
            else if (_since is null || _finished != finished)
                _since = time.GetUtcNow();
            _finished = finished;
            return _since;
        }
    }
}
