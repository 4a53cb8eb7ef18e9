using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>
/// Lanes that were taken away from this process at one moment: what was waiting in them, and which of them somebody works on. What is handled in them later, when their
/// partition has come back, does not belong to it. Guarded by the lock of the scheduler, apart from <see cref="WaitAsync"/>.
/// </summary>
internal sealed class WithdrawnLanes
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was waiting and will not be handled here.</summary>
    public List<Delivery> Taken { get; } = [];

    /// <summary>The lanes that somebody works on.</summary>
    public HashSet<Lane> Busy { get; } = [];

    /// <summary>Waits until nobody works on the lanes any more.</summary>
    public async Task WaitAsync() => await _ended.Task;

    /// <summary>Nobody works on a lane any more.</summary>
    /// <returns>Whether nobody works on any of them.</returns>
    public bool End(Lane? lane = null)
    {
        if (lane is not null)
            Busy.Remove(lane);
        return Busy.Count == 0 && _ended.TrySetResult();
    }
}
