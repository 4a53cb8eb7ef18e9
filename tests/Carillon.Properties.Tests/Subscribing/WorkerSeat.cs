using System.Threading.Tasks.Sources;
using Carillon.Subscribing;

namespace Carillon.Properties.Tests.Subscribing;

/// <summary>What one worker holds. A worker is used for one wait only, so that it can be asked what it was woken with.</summary>
internal sealed class WorkerSeat(LaneScheduler scheduler)
{
    private LaneWorker? _waiting;

    /// <summary>The worker that the scheduler knows of at present.</summary>
    public LaneWorker? Worker { get; private set; }

    /// <summary>The lane that it has and of which it has taken nothing yet.</summary>
    public Lane? Lane { get; set; }

    /// <summary>What it works on.</summary>
    public List<LaneDelivery> Running { get; } = [];

    /// <summary>Whether the scheduler told it to end.</summary>
    public bool HasEnded { get; private set; }

    public bool IsWaiting => _waiting is not null;

    /// <summary>The lanes that nobody else may have now.</summary>
    public IEnumerable<Lane> Lanes => Running.Select(item => item.Lane).Concat(Lane is null ? [] : [Lane]).Distinct();

    /// <summary>Looks for a lane.</summary>
    public void Look()
    {
        var worker = Worker = new LaneWorker(scheduler, new NoHandler());
        if (scheduler.TryTake(worker, out var lane))
            Accept(lane);
        else
            _waiting = worker;
    }

    /// <summary>Sees whether it was woken.</summary>
    public void Wake()
    {
        if (_waiting is not IValueTaskSource<Lane?> source || source.GetStatus(0) == ValueTaskSourceStatus.Pending)
            return;
        _waiting = null;
        Accept(source.GetResult(0));
    }

    private void Accept(Lane? lane)
    {
        Lane = lane;
        HasEnded = lane is null;
    }

    private sealed class NoHandler : ILaneHandler
    {
        public string? Current => null;

        public ValueTask HandleAsync(LaneDelivery item, LaneWorker worker) => throw new InvalidOperationException("The worker's own loop does not run here.");
    }
}
