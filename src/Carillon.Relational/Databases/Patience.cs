namespace Carillon.Relational;

/// <summary>How long a loop waits after a failure before it tries again: longer each time, until something succeeds.</summary>
/// <param name="time">Measures the waiting.</param>
/// <param name="longest">How long it waits at most, 2 seconds unless given.</param>
internal sealed class Patience(TimeProvider time, TimeSpan? longest = null)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private readonly TimeSpan _longest = longest ?? TimeSpan.FromSeconds(2);
    private TimeSpan _next = First;

    /// <summary>Something succeeded.</summary>
    public void Reset() => _next = First;

    /// <summary>Waits; returns early, without an exception, when cancelled.</summary>
    public async Task AfterFailureAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(_next, time, cancellation);
            _next = _next * 2 < _longest ? _next * 2 : _longest;
        }
        catch (OperationCanceledException)
        {
            // The caller's loop ends by itself.
        }
    }
}
