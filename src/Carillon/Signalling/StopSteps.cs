namespace Carillon.Signalling;

/// <summary>
/// The steps of a stop. Each is waited for until the deadline, and all together a moment longer; what has not ended then is left behind, whether
/// it looks at its token or not, and named.
/// </summary>
internal sealed class StopSteps : IDisposable
{
    private static readonly TimeSpan LastPatience = TimeSpan.FromMilliseconds(500);

    private readonly CancellationToken _deadline;
    private readonly CancellationTokenSource _last;
    private readonly CancellationTokenRegistration _registration;
    private readonly Lock _gate = new();
    private readonly List<string> _abandoned = [];
    private readonly List<Exception> _errors = [];

    /// <summary>Steps that have half a second after the deadline.</summary>
    public StopSteps(TimeProvider time, CancellationToken deadline)
        : this(time, LastPatience, deadline)
    {
    }

    /// <param name="time">The clock.</param>
    /// <param name="lastPatience">How long after the deadline, or after now where it has passed, steps may take to come to their end.</param>
    /// <param name="deadline">When the time is over.</param>
    public StopSteps(TimeProvider time, TimeSpan lastPatience, CancellationToken deadline)
    {
        _deadline = deadline;
        _last = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = deadline.Register(() => _last.CancelAfter(lastPatience), useSynchronizationContext: false);
    }

    /// <summary>What was left behind.</summary>
    public IReadOnlyList<string> Abandoned
    {
        get
        {
            lock (_gate)
                return [.. _abandoned];
        }
    }

    /// <summary>What steps threw that came to their end.</summary>
    public IReadOnlyList<Exception> Errors
    {
        get
        {
            lock (_gate)
                return [.. _errors];
        }
    }

    /// <summary>
    /// Takes a step that is to end at the deadline, and waits for it as long as there is time. It throws nothing: a step that fails keeps no other
    /// from being taken.
    /// </summary>
    public ValueTask TakeAsync(string name, Func<CancellationToken, ValueTask> step) => WaitAsync(name, step, _deadline);

    /// <summary>Takes a step that writes down what was done, for which there is a moment also when the deadline has passed.</summary>
    public ValueTask FinishAsync(string name, Func<CancellationToken, ValueTask> step) => WaitAsync(name, step, _last.Token);

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _last.Dispose();
    }

    private async ValueTask WaitAsync(string name, Func<CancellationToken, ValueTask> step, CancellationToken until)
    {
        var ending = EndAsync(step, until);
        try
        {
            await ending.WaitAsync(_last.Token);
        }
        catch (OperationCanceledException) when (!ending.IsCompleted)
        {
            lock (_gate)
                _abandoned.Add(name);
        }
        catch (OperationCanceledException) when (_deadline.IsCancellationRequested)
        {
            // It has heard of the deadline and left the rest undone, as it was told.
        }
        catch (Exception error)
        {
            lock (_gate)
                _errors.Add(error);
        }
    }

    // The yield lets go of the caller's thread: also a step that blocks it is left behind.
    private static async Task EndAsync(Func<CancellationToken, ValueTask> step, CancellationToken until)
    {
        await Task.Yield();
        await step(until);
    }
}
