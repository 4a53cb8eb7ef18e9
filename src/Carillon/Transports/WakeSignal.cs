using System.Threading.Tasks.Sources;

namespace Carillon.Transports;

/// <summary>
/// Wakes one waiting loop. Raising it while nobody waits lets the next wait pass at once, so no wake-up is lost; raising it twice is
/// raising it once. Allocates nothing, however often it is used.
/// </summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Quiet = 0;
    private const int Raised = 1;
    private const int Awaited = 2;
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Lets the loop go on. Safe to call by several callers at once.</summary>
    public void Raise()
    {
        var wasAwaited = Interlocked.CompareExchange(ref _state, Raised, Quiet) == Awaited;
        if (wasAwaited && Interlocked.CompareExchange(ref _state, Quiet, Awaited) == Awaited)
            _source.SetResult(true);
    }

    /// <summary>Waits until the signal is raised. One caller at a time.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Quiet, Raised) == Raised)
            return ValueTask.CompletedTask;
        _source.Reset();
        if (Interlocked.CompareExchange(ref _state, Awaited, Quiet) == Quiet)
            return new ValueTask(this, _source.Version);
        Interlocked.Exchange(ref _state, Quiet);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
