namespace Carillon.PostgreSql;

/// <summary>How long a loop waits after a failure before it tries again: longer each time, until something succeeds.</summary>
internal sealed class Patience(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private TimeSpan _next = First;

    /// <summary>Something succeeded.</summary>
    public void Reset() => _next = First;

    /// <summary>Waits.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task AfterFailureAsync(CancellationToken cancellation)
    {
        await Task.Delay(_next, time, cancellation);
        _next = _next * 2 < Longest ? _next * 2 : Longest;
    }
}
