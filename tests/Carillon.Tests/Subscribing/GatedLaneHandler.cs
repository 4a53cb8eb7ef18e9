using Carillon.Subscribing;

namespace Carillon.Tests.Subscribing;

/// <summary>Handles a delivery when the test lets it, or gives it back when it is cancelled, if it listens to that.</summary>
internal sealed class GatedLaneHandler(LaneScheduler scheduler, DeliveryBudget budget) : ILaneHandler
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? Current => "gated";

    /// <summary>Whether cancelling ends the handling.</summary>
    public bool Listens { get; set; } = true;

    /// <summary>Completes when a delivery is being handled.</summary>
    public Task Entered => _entered.Task;

    /// <summary>Whether the handler was asked to be quick.</summary>
    public bool WasHurried { get; private set; }

    public void Open() => _gate.TrySetResult();

    public async ValueTask HandleAsync(LaneDelivery item, LaneWorker worker)
    {
        await using var hurry = worker.Patience.Register(() => WasHurried = true);
        var cancellation = Listens ? worker.Cancellation : CancellationToken.None;
        var isFinished = !Listens || !item.Lane.IsWithdrawn;
        _entered.TrySetResult();
        try
        {
            if (isFinished)
                await _gate.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            isFinished = false;
        }

        budget.Settle(item.Delivery, isFinished);
        scheduler.Release(item.Lane);
    }
}
