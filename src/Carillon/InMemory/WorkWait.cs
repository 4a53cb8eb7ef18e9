using System.Threading.Tasks.Sources;

namespace Carillon.InMemory;

/// <summary>One wait for parked work: ends by a change, by time or by cancellation, whichever comes first. Used once.</summary>
internal sealed class WorkWait : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private int _isOver;

    /// <summary>Waits.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async ValueTask WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellation)
    {
        await using var timer = time.CreateTimer(static wait => ((WorkWait)wait!).End(), this, most, Timeout.InfiniteTimeSpan);
        await using var registration = cancellation.UnsafeRegister(static (wait, token) => ((WorkWait)wait!).Cancel(token), this);
        await new ValueTask(this, _source.Version);
    }

    /// <summary>Ends the wait; nothing when it is over.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
            _source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
            _source.SetException(new OperationCanceledException(token));
    }
}
