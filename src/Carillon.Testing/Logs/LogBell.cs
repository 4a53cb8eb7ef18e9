namespace Carillon.Testing.Logs;

/// <summary>Wakes everybody who waits for the log to change. Guarded by the lock of the log.</summary>
internal sealed class LogBell
{
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <summary>Completes with the next change.</summary>
    public async Task NextAsync(CancellationToken cancellation)
    {
        _waiting.RemoveAll(waiter => waiter.Task.IsCompleted);
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(next);
        using var registration = cancellation.UnsafeRegister(static (waiter, token) => ((TaskCompletionSource)waiter!).TrySetCanceled(token), next);
        await next.Task;
    }

    /// <summary>Something changed.</summary>
    public void Ring()
    {
        foreach (var waiter in _waiting)
            waiter.TrySetResult();
        _waiting.Clear();
    }
}
