namespace Carillon.Relational;

/// <summary>How long a loop waits after a failure before it tries again: longer each time, until something succeeds.</summary>
internal sealed class Patience(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private TimeSpan _next = First;

    /// <summary>Something succeeded.</summary>
    public void Reset() => _next = First;

    /// <summary>Waits; returns early, without an exception, when cancelled.</summary>
    public async Task AfterFailureAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(_next, time, cancellation);
            _next = _next * 2 < Longest ? _next * 2 : Longest;
        }
        catch (OperationCanceledException)
        {
            // The caller's loop ends by itself.
        }
    }
}
