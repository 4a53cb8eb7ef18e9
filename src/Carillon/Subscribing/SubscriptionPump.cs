using Carillon.DeadLetters;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Runs one subscription: takes deliveries from its receiver while there is room, and has them handled by its workers. The place to
/// start reading about subscribing.
/// </summary>
internal sealed class SubscriptionPump(
    string name,
    ITransportReceiver receiver,
    LaneScheduler scheduler,
    IReadOnlyList<LaneWorker> workers,
    RedeliveryFeed redeliveries,
    SubscriptionParking parking,
    StoppedKeys? stopped,
    DeliveryBudget budget,
    TimeProvider time,
    ILogger logger) : IDeliverySink, IAsyncDisposable
{
    private static readonly TimeSpan PatienceAfterGrace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _redelivering = Task.CompletedTask;
    private Task _retrying = Task.CompletedTask;

    /// <summary>The subscription's full name.</summary>
    public string Name => name;

    /// <summary>How many keys stand still at a message that is tried again for ever.</summary>
    public int StoppedKeys => stopped?.Count ?? 0;

    /// <summary>How many messages are held, waiting or being handled.</summary>
    public int InFlight => budget.Count;

    /// <summary>Begins to receive. Completes when the subscription is really being received.</summary>
    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        foreach (var worker in workers)
            _ = worker.RunAsync();
        _redelivering = redeliveries.RunAsync(_stopping.Token);
        if (stopped is not null)
            _retrying = stopped.RunAsync(_stopping.Token);
        await receiver.StartAsync(this, cancellation);
        SubscribingLog.Started(logger, name, workers.Count);
    }

    /// <summary>
    /// Stops cleanly (G7): receives no more, returns what waits, lets running handlers finish until <paramref name="grace"/> is over, then
    /// cancels them, and writes the settlements down.
    /// </summary>
    public async ValueTask StopAsync(CancellationToken grace)
    {
        _stopping.Cancel();
        await receiver.StopAsync(CancellationToken.None);
        await _redelivering;
        await _retrying;
        scheduler.Close();
        await EndAsync(scheduler.Revoke(static _ => true), grace);
        await DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask<int> WaitForRoomAsync(CancellationToken cancellation) => budget.WaitForRoomAsync(cancellation);

    /// <inheritdoc/>
    public void Deliver(ReadOnlySpan<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            budget.Take(delivery.Envelope.Body.Length);
            scheduler.Add(delivery);
        }
    }

    /// <inheritdoc/>
    public async ValueTask AssignAsync(IReadOnlyCollection<string> partitions, CancellationToken cancellation)
    {
        await parking.LoadAsync(partitions, cancellation);
        redeliveries.Assign(partitions);
    }

    /// <inheritdoc/>
    public async ValueTask RevokeAsync(IReadOnlyCollection<string> partitions, CancellationToken deadline)
    {
        var revoked = partitions.ToHashSet(StringComparer.Ordinal);
        redeliveries.Revoke(partitions);
        await EndAsync(scheduler.Revoke(lane => revoked.Contains(lane.Partition)), deadline);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        scheduler.Close();
        stopped?.Dispose();
        await receiver.DisposeAsync();
    }

    private async ValueTask EndAsync(LaneRevocation revocation, CancellationToken deadline)
    {
        foreach (var delivery in revocation.Taken)
        {
            budget.Give(delivery.Envelope.Body.Length);
            delivery.Return();
        }

        foreach (var worker in revocation.Runners)
            worker.Hurry();
        var ended = revocation.WaitAsync();
        try
        {
            await ended.WaitAsync(deadline);
        }
        catch (OperationCanceledException)
        {
            foreach (var cancellation in scheduler.TakeCancellations(revocation))
                Cancel(cancellation);
            await AbandonAsync(revocation, ended);
        }

        await redeliveries.GiveBackAsync(CancellationToken.None);
    }

    private void Cancel(CancellationTokenSource cancellation)
    {
        try
        {
            cancellation.Cancel();
        }
        catch (AggregateException error)
        {
            SubscribingLog.CancellingFailed(logger, name, error);
        }
    }

    private async ValueTask AbandonAsync(LaneRevocation revocation, Task ended)
    {
        try
        {
            await ended.WaitAsync(PatienceAfterGrace, time);
        }
        catch (TimeoutException)
        {
            foreach (var worker in scheduler.WorkingOn(revocation))
                SubscribingLog.HandlerAbandoned(logger, name, worker.Handler);
        }
    }
}
