using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// The workers of a subscription, of which so many handle messages at a time. One that merely waits lends its place to another meanwhile, so that
/// what it waits for holds up nothing but its own key (G6).
/// </summary>
/// <param name="subscription">The subscription.</param>
/// <param name="scheduler">What hands out lanes and places.</param>
/// <param name="places">How many handle messages at a time.</param>
/// <param name="hire">Makes one more worker.</param>
/// <param name="logger">Where a broken one is shown.</param>
internal sealed class LaneWorkers(string subscription, LaneScheduler scheduler, int places, Func<LaneWorkers, LaneWorker> hire, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Stack<LaneWorker> _resting = new();
    private ImmutableArray<LaneWorker> _all = [];
    private ExecutionContext? _flow;
    private int _broken;
    private Exception? _error;

    /// <summary>How many handle messages at a time.</summary>
    public int Places => places;

    /// <summary>What they work on, or worked on last.</summary>
    public IEnumerable<string> Handlers => _all.Select(static worker => worker.Handler).OfType<string>().Distinct();

    /// <summary>Begins.</summary>
    public void Start()
    {
        _flow = ExecutionContext.Capture();
        for (var i = 0; i < places; i++)
            Begin();
    }

    /// <summary>A worker is about to wait: another one begins in its place.</summary>
    public void Lend() => Begin();

    /// <summary>A worker goes on, as soon as another one has ended for it, or its patience has.</summary>
    public ValueTask TakeBackAsync(CancellationToken patience) => scheduler.TakePlaceAsync(patience);

    /// <summary>Says what is wrong with them.</summary>
    public IEnumerable<HealthFinding> CheckHealth()
    {
        var findings = _all.SelectMany(static worker => worker.CheckHealth());
        if (Volatile.Read(ref _error) is not { } error)
            return findings;
        var text = $"A worker of {subscription} has ended by itself, and the keys that it had stay unhandled. Restart the service: nothing is lost by that. And report it.";
        return findings.Append(new HealthFinding(HealthSeverity.Unhealthy, text) { Error = error });
    }

    private void Begin()
    {
        LaneWorker? worker;
        lock (_gate)
        {
            if (!_resting.TryPop(out worker))
                _all = _all.Add(worker = hire(this));
        }

        // In the flow of the subscription: nothing of the one that lent its place belongs to the one that takes it.
        if (_flow is null)
            _ = RunAsync(worker);
        else
            ExecutionContext.Run(_flow, _ => _ = RunAsync(worker), null);
    }

    private async Task RunAsync(LaneWorker worker)
    {
        try
        {
            await worker.RunAsync();
            lock (_gate)
                _resting.Push(worker);
        }
        catch (Exception error)
        {
            SubscribingLog.WorkerBroken(logger, subscription, worker.Handler, error);
            Volatile.Write(ref _error, error);
            // Where each one breaks at once, more of them are of no use.
            if (Interlocked.Increment(ref _broken) <= places)
                Begin();
        }
    }
}
