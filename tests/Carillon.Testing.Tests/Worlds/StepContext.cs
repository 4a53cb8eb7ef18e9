using System.Collections.Concurrent;

namespace Carillon.Testing.Tests.Worlds;

/// <summary>Runs everything on the thread of the test, one thing after the other, and notices what tries to run elsewhere.</summary>
internal sealed class StepContext(StepClock clock) : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile string? _stray;

    /// <summary>Runs an async method to its end.</summary>
    public static void Run(StepClock clock, Func<Task> action)
    {
        var (before, context) = (Current, new StepContext(clock));
        SetSynchronizationContext(context);
        try
        {
            context.Complete(action());
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            _stray ??= Environment.StackTrace;
        _ready.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new InvalidOperationException("Nobody may block here.");

    private void Complete(Task task)
    {
        while (!task.IsCompleted)
        {
            if (_ready.TryDequeue(out var next))
                next.Callback(next.State);
            else
                Assert.True(clock.Advance(), $"everything waits for something that never comes, or went to another thread: {_stray}");
        }

        task.GetAwaiter().GetResult();
        Assert.True(_stray is null, $"something ran on another thread: {_stray}");
    }
}
