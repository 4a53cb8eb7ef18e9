namespace Carillon.Signalling;

/// <summary>
/// The steps of a stop. Each is waited for until the deadline, and after it the rest of one stop a second together; what has not ended then is
/// left behind, whether it looks at its token or not, and named.
/// </summary>
internal sealed class StopSteps : IDisposable
{
    /// <summary>How long after the deadline what hears of it may take to come to its end.</summary>
    public static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);

    private readonly CancellationToken _deadline;
    private readonly CancellationTokenSource _last;
    private readonly CancellationTokenRegistration _registration;
    private readonly Lock _gate = new();
    private readonly List<string> _abandoned = [];
    private readonly List<Exception> _errors = [];

    public StopSteps(CancellationToken deadline, TimeProvider time)
    {
        _deadline = deadline;
        _last = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = deadline.UnsafeRegister(static source => ((CancellationTokenSource)source!).CancelAfter(LastPatience), _last);
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

    /// <summary>Takes a step and waits for its end as long as there is time. It throws nothing: a step that fails keeps no other from being taken.</summary>
    public async ValueTask TakeAsync(string name, Func<CancellationToken, ValueTask> step)
    {
        var ending = EndAsync(step, _deadline);
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _last.Dispose();
    }

    // The yield lets go of the caller's thread: also a step that blocks it is left behind.
    private static async Task EndAsync(Func<CancellationToken, ValueTask> step, CancellationToken deadline)
    {
        await Task.Yield();
        await step(deadline);
    }
}
