using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Carillon.Diagnostics;
using Carillon.Health;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Signalling;
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
    LaneWorkers workers,
    RedeliveryFeed redeliveries,
    SubscriptionParking parking,
    OtherInstances? others,
    DeadlyMessages? deadly,
    StoppedKeys? stopped,
    HandlerWatch? watch,
    OutageCircuits? circuits,
    DeliveryBudget budget,
    TimeProvider time,
    ILogger logger) : IDeliverySink, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly LaneWithdrawal _withdrawal = new(name, scheduler, budget, time, logger);
    private readonly ProgressWatch _progress = new(time);
    private Task _redelivering = Task.CompletedTask;
    private Task _lookingForOthers = Task.CompletedTask;
    private Task _counting = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    /// <summary>The subscription's full name.</summary>
    public string Name => name;

    /// <summary>How many keys stand still at a message that is tried again for ever.</summary>
    public int StoppedKeys => stopped?.Count ?? 0;

    /// <summary>The handlers that go on although their time is over and they were cancelled.</summary>
    public IReadOnlyList<HungHandler> HungHandlers => watch?.Hung ?? [];

    /// <summary>The outages that the subscription waits for.</summary>
    public IReadOnlyList<OutageState> Outages => circuits?.Outages ?? [];

    /// <summary>What is lost because the subscription is handled at most once; null where nothing may be.</summary>
    public LostMessages? Lost { get; init; }

    /// <summary>How many messages are held, waiting or being handled.</summary>
    public int InFlight => budget.Count;

    /// <summary>Begins to receive. Completes when the subscription is really being received.</summary>
    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        parking.Partitions.Copies.Finished = receiver.Finish;
        workers.Start();
        _redelivering = redeliveries.RunAsync(_stopping.Token);
        if (others is not null)
            _lookingForOthers = others.RunAsync(_stopping.Token);
        if (stopped is not null)
            _counting = stopped.RunAsync(_stopping.Token);
        if (watch is not null)
            _watching = watch.RunAsync(_stopping.Token);
        await receiver.StartAsync(this, cancellation);
        SubscribingLog.Started(logger, name, workers.Places);
    }

    /// <summary>
    /// Stops cleanly (G7): receives no more, returns what waits, lets running handlers finish until <paramref name="grace"/> is over, then
    /// cancels them, and writes the settlements down. Whatever hangs, it ends two seconds after the grace time at the latest.
    /// </summary>
    public async ValueTask StopAsync(CancellationToken grace)
    {
        _stopping.Cancel();
        using var receiving = new StopSteps(time, grace);
        await receiving.TakeAsync("its receiver, which was to hand over nothing more", receiver.StopAsync);
        await receiving.TakeAsync("the feed of its parked messages", _ => new ValueTask(_redelivering));
        await receiving.TakeAsync("the look for other instances", _ => new ValueTask(_lookingForOthers));
        await receiving.TakeAsync("the count of its stopped keys", _ => new ValueTask(_counting));
        await receiving.TakeAsync("the watch of its handlers", _ => new ValueTask(_watching));
        if (Lost is not null)
            await _withdrawal.EmptyAsync(static _ => true, grace);
        scheduler.Close();
        Abandon(await _withdrawal.EndAsync(grace));
        using var finishing = new StopSteps(time, grace);
        await Task.WhenAll(
            finishing.FinishAsync("its store, which was to forget what its handlers had begun with", until => deadly?.CloseAsync(until) ?? ValueTask.CompletedTask).AsTask(),
            finishing.FinishAsync("its receiver, which was to write down what is finished", _ => DisposeAsync()).AsTask());
        if (receiving.Abandoned.Concat(finishing.Abandoned).ToArray() is { Length: > 0 } abandoned)
            SubscribingLog.StopIncomplete(logger, name, string.Join(", ", abandoned));
        foreach (var error in receiving.Errors.Concat(finishing.Errors))
            SubscribingLog.StopFailed(logger, name, error);
    }

    /// <summary>Says what is wrong with the subscription.</summary>
    public IReadOnlyList<HealthFinding> CheckHealth(HealthOptions options)
    {
        var findings = new List<HealthFinding>();
        if (!_stopping.IsCancellationRequested && _redelivering is { IsCompleted: true } ended && ended != Task.CompletedTask)
        {
            findings.Add(new HealthFinding(HealthSeverity.Unhealthy, $"A loop of {name} has ended by itself, so that messages stay unhandled. Restart the service, and report it.")
            {
                Error = ended.Exception?.GetBaseException(),
            });
        }

        foreach (var outage in Outages)
        {
            var text = $"{name} waits with {new LogText(outage.Messages)} since {outage.Since:u}: nearly all attempts fail alike ({outage.Error.GetType().Name}: {new LogText(outage.Error.Message)}), so something that their handlers need seems to be away. It tries now and then and goes on by itself.";
            findings.Add(new HealthFinding(HealthSeverity.Degraded, text) { Since = outage.Since, Error = LoggableException.Of(outage.Error) });
        }

        foreach (var hung in HungHandlers)
        {
            var text = $"{new LogText(hung.Handler)} of {name} has been handling message {new LogText(hung.Message.ToString())} since {hung.Since:u} and ignores that it was cancelled; the message's key waits for it.";
            findings.Add(new HealthFinding(HealthSeverity.Degraded, text) { Since = hung.Since });
        }

        if (StalledFor(options.StalledAfter) is { } stalled)
            findings.Add(stalled);
        return [.. findings, .. _withdrawal.CheckHealth(), .. redeliveries.CheckHealth(), .. parking.CheckHealth(), .. workers.CheckHealth()];
    }

    /// <inheritdoc/>
    public ValueTask<int> WaitForRoomAsync(CancellationToken cancellation) => budget.WaitForRoomAsync(cancellation);

    /// <inheritdoc/>
    public DeliveryRoom Room => budget.Left;

    /// <inheritdoc/>
    public void Deliver(ReadOnlySpan<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            var held = Lost is null ? delivery : SettledDelivery.Of(delivery, Lost);
            budget.Take(held);
            scheduler.Add(held);
        }
    }

    /// <inheritdoc/>
    public async ValueTask AssignAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation)
    {
        Lose(parking.Partitions.FindReplaced(partitions));
        lock (_gate)
            parking.Partitions.Assign(partitions);
        deadly?.Assign(partitions);
        await parking.Partitions.TakeOverAsync(partitions, cancellation);
        lock (_gate)
            redeliveries.Assign(partitions.Where(parking.Partitions.IsAssigned).Select(static assignment => assignment.Partition));
    }

    /// <inheritdoc/>
    public async ValueTask RevokeAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken deadline)
    {
        // Whoever gets them next gets nothing of what is in hand here.
        if (Lost is not null)
            await _withdrawal.EmptyAsync(lane => partitions.Any(assignment => assignment.Partition == lane.Partition), deadline);
        if (!TryWithdraw(partitions, areLost: false, out var names, out var withdrawn))
            return;
        await _withdrawal.DrainAsync(withdrawn, names, deadline);
        lock (_gate)
            parking.Partitions.Forget(partitions);
    }

    /// <inheritdoc/>
    public void Lose(IReadOnlyCollection<AssignedPartition> partitions)
    {
        if (TryWithdraw(partitions, areLost: true, out var names, out var withdrawn))
            _withdrawal.EndLost(withdrawn, $"partitions {string.Join(", ", names)}");
    }

    /// <inheritdoc/>
    public void Lose(Delivery delivery)
    {
        var id = delivery.Envelope.Id;
        _withdrawal.EndLost(scheduler.Withdraw(delivery), $"message {id}");
    }

    /// <summary>Learns of the replays that are stored by now: what nobody has begun with waits for them from then on.</summary>
    public ValueTask LearnAsync(CancellationToken cancellation) => redeliveries.LearnAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        scheduler.Close();
        stopped?.Dispose();
        circuits?.Dispose();
        await receiver.DisposeAsync();
        Lost?.Dispose();
    }

    /// <summary>Takes the lanes of partitions away, of those that are still assigned as they were when somebody decided that.</summary>
    private bool TryWithdraw(
        IReadOnlyCollection<AssignedPartition> partitions, bool areLost, out HashSet<string> names, [NotNullWhen(true)] out WithdrawnLanes? withdrawn)
    {
        lock (_gate)
        {
            AssignedPartition[] present = [.. partitions.Where(parking.Partitions.IsAssigned)];
            var taken = names = present.Select(static assignment => assignment.Partition).ToHashSet(StringComparer.Ordinal);
            withdrawn = null;
            if (present.Length == 0)
                return false;
            redeliveries.Revoke(names);
            // What is another's already must not keep that from taking over what is parked.
            if (areLost)
                parking.Partitions.Forget(present);
            withdrawn = scheduler.Withdraw(lane => taken.Contains(lane.Partition));
            return true;
        }
    }

    private void Abandon(WithdrawnLanes withdrawn)
    {
        var busy = scheduler.BusyPartitions(withdrawn);
        if (busy.Count > 0)
            receiver.Abandon([.. parking.Partitions.Assigned.Where(assignment => busy.Contains(assignment.Partition))], withdrawn.WaitAsync());
    }

    private HealthFinding? StalledFor(TimeSpan limit)
    {
        // Who waits for the end of an outage is no stall: what is wrong is said by the outage, and a restart would not help.
        if (_progress.Look(budget.Given, budget.Count > 0 && Outages.Count == 0) is not { } since || time.GetUtcNow() - since < limit)
            return null;
        var handlers = string.Join(", ", workers.Handlers.Take(3));
        return new HealthFinding(
            HealthSeverity.Unhealthy,
            string.Create(CultureInfo.InvariantCulture, $"{name} holds {budget.Count} messages and has finished none since {since:u}; worked on last: {(handlers.Length > 0 ? handlers : "nothing")}. Find out what its handlers wait for, or restart the service: nothing is lost by that."))
        {
            Since = since,
        };
    }
}
