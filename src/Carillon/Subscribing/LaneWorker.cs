using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using Carillon.Parking;
using Carillon.Publishing;

namespace Carillon.Subscribing;

/// <summary>One of the loops that handle messages: takes a lane, has its first message handled, and goes on with the next lane.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and whoever cancels it may do so at any moment.")]
internal sealed class LaneWorker(LaneScheduler scheduler, ILaneHandler handler, LaneWorkers? others = null)
    : IWorkingPlace, IValueTaskSource<Lane?>
{
    private ManualResetValueTaskSourceCore<Lane?> _lane = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenSource? _cancellation;
    private CancellationTokenSource _patience = new();

    /// <summary>What runs or ran last, for people who wonder why a stop takes long.</summary>
    public string? Handler => handler.Current;

    /// <summary>Says what is wrong with what it does.</summary>
    public IReadOnlyList<HealthFinding> CheckHealth() => handler.CheckHealth();

    /// <summary>Runs until the scheduler is closed and no lane is left, or another worker wants the place.</summary>
    public async Task RunAsync()
    {
        await Task.Yield();
        // Whoever hired it may be handling a message, which is none of its own.
        AmbientContext.Enter(null);
        while (true)
        {
            _lane.Reset();
            var lane = scheduler.TryTake(this, out var ready) ? ready : await new ValueTask<Lane?>(this, _lane.Version);
            if (lane is null)
                return;
            if (scheduler.TryTakeFirst(lane, out var delivery))
                await handler.HandleAsync(new LaneDelivery(lane, delivery), this);
            else
                scheduler.Release(lane);
        }
    }

    /// <summary>Waits for something that is not this service's work, while another worker has the place.</summary>
    public async ValueTask<TResult> WaitAsync<TResult>(Func<CancellationToken, ValueTask<TResult>> wait, CancellationToken patience)
    {
        others?.Lend();
        try
        {
            return await wait(patience);
        }
        finally
        {
            if (others is not null)
                await others.TakeBackAsync(patience);
        }
    }

    /// <inheritdoc cref="WaitAsync{TResult}"/>
    public async ValueTask WaitAsync(Func<CancellationToken, ValueTask> wait, CancellationToken patience) => await WaitAsync(
        async given =>
        {
            await wait(given);
            return true;
        },
        patience);

    /// <summary>Hands over a lane, or null for the end. Called once for each time the worker went idle.</summary>
    public void Wake(Lane? lane) => _lane.SetResult(lane);

    /// <summary>
    /// Cancelled when the worker is to leave what it handles right now. A new one after each time; whoever begins something takes it first and
    /// looks at <see cref="Lane.IsWithdrawn"/> then.
    /// </summary>
    public CancellationToken Cancellation
    {
        get
        {
            if (Volatile.Read(ref _cancellation) is { IsCancellationRequested: false } source)
                return source.Token;
            source = new CancellationTokenSource();
            Interlocked.Exchange(ref _cancellation, source);
            return source.Token;
        }
    }

    /// <summary>Begins something for a lane, as long as the lane is not taken away.</summary>
    /// <returns>What cancels it.</returns>
    /// <exception cref="OperationCanceledException">The lane was taken away.</exception>
    public CancellationToken BeginFor(Lane lane)
    {
        var cancellation = Cancellation;
        return lane.IsWithdrawn ? throw new OperationCanceledException("The lane was taken away.", cancellation) : cancellation;
    }

    /// <summary>
    /// Cancelled when a lane of the worker was taken away: what merely waits for a better time ends its waiting. A new one after each time;
    /// whoever waits takes it first and looks at <see cref="Lane.IsWithdrawn"/> then.
    /// </summary>
    public CancellationToken Patience
    {
        get
        {
            if (_patience.IsCancellationRequested)
                Interlocked.Exchange(ref _patience, new CancellationTokenSource());
            return _patience.Token;
        }
    }

    /// <summary>
    /// Hands out what cancels the worker's present work, and only that: what the worker begins later has a token of its own. Called while the
    /// worker cannot let go of its lanes, so that there is no doubt about what its present work is.
    /// </summary>
    /// <returns>What is to be cancelled, or null when nothing that listens has begun.</returns>
    public CancellationTokenSource? TakeCancellation() => Interlocked.Exchange(ref _cancellation, null);

    /// <summary>What ends that which the worker merely waits for.</summary>
    public CancellationTokenSource Waiting => Volatile.Read(ref _patience);

    Lane? IValueTaskSource<Lane?>.GetResult(short token) => _lane.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Lane?>.GetStatus(short token) => _lane.GetStatus(token);

    void IValueTaskSource<Lane?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _lane.OnCompleted(continuation, state, token, flags);
}
