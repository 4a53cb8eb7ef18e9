using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>Lanes that are being taken away from this process: what was waiting in them, and who still works on one.</summary>
internal sealed class LaneRevocation(Func<Lane, bool> concerns)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was waiting and will not be handled here.</summary>
    public List<Delivery> Taken { get; } = [];

    /// <summary>The workers that were busy with one of the lanes.</summary>
    public HashSet<LaneWorker> Runners { get; } = [];

    /// <summary>Waits until nobody works on the lanes any more.</summary>
    public async Task WaitAsync() => await _ended.Task;

    public bool Concerns(Lane lane) => concerns(lane);

    public bool End() => _ended.TrySetResult();
}
