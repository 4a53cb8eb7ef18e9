using System.Threading.Tasks.Sources;

namespace Carillon.Publishing;

/// <summary>
/// What the sending loop awaits while there is nothing to send. Whoever sets it runs the loop on the own stack, without a change of thread,
/// until the loop has to wait.
/// </summary>
internal sealed class SendSignal : IValueTaskSource
{
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private readonly TaskScheduler _scheduler = TaskScheduler.Current;
    private ManualResetValueTaskSourceCore<bool> _core;

    /// <summary>Waits until the signal is set. One waiter at a time.</summary>
    public ValueTask WaitAsync() => new(this, _core.Version);

    /// <summary>Sets the signal, once for each wait.</summary>
    public void Set()
    {
        // On a caller's own scheduler the loop would come to depend on it: everybody's messages would wait for one caller's blocked thread.
        _core.RunContinuationsAsynchronously = SynchronizationContext.Current != _context || TaskScheduler.Current != _scheduler;
        _core.SetResult(true);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        _core.Reset();
    }
}
