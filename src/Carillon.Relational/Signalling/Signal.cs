namespace Carillon.Relational;

/// <summary>
/// Tells waiters that something changed. Remember <see cref="Version"/>, look, and wait for it to grow: a change in between is not missed.
/// </summary>
internal sealed class Signal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _next;
    private long _version;

    public long Version => Volatile.Read(ref _version);

    public void Raise()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            _version++;
            next = _next;
            _next = null;
        }

        next?.TrySetResult();
    }

    /// <summary>Waits until the version is no longer the one that was seen.</summary>
    public Task WaitAsync(long seen, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_version != seen)
                return Task.CompletedTask;
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _next.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>The same, but no longer than a while.</summary>
    public async Task WaitAsync(long seen, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var change = WaitAsync(seen, over.Token);
        if (!change.IsCompleted)
            await Task.WhenAny(change, Task.Delay(patience, time, over.Token));
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }
}
