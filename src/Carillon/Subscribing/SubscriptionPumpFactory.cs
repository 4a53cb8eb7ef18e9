using Carillon.Diagnostics;
using Carillon.Parking;
using Carillon.Publishing;
using Carillon.Retrying;
using Carillon.Routing;
using Carillon.Serialization;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>Puts the parts of a subscription together.</summary>
internal sealed class SubscriptionPumpFactory(
    EventBus bus,
    UnitsOfWork units,
    EnvelopeInspector inspector,
    JsonMessageSerializer serializer,
    EventDelegate pipeline,
    IParkingStore store,
    IDeadLetters deadLetters,
    IServiceScopeFactory scopes,
    TimeProvider time,
    Random random,
    ILogger logger)
{
    private readonly LoneTurn _turn = new(time);

    // What the handlers of one subscription need, those of another may need too.
    private readonly OutageSigns _signs = new();

    // One store for all subscriptions: when it is away, that is said once.
    private readonly RecurringFailure _reading = new(time);
    private readonly RecurringFailure _writing = new(time);

    public SubscriptionPump Create(SubscriptionPlan plan, SubscriptionOptions options, ITransportReceiver receiver)
    {
        var backoff = new Backoff(options.Retries, random);
        var budget = new DeliveryBudget(options.MaxInFlight, options.MaxInFlightBytes);
        var scheduler = new LaneScheduler();
        var reader = new MessageReader(plan, inspector, serializer);
        var exactlyOnce = new ExactlyOnceRunner(plan.Name, units, new TransactionTurn(plan.Name, units, time, logger));
        var circuits = new OutageCircuits(plan.Name, options.Retries, _signs, time, logger);
        var attempts = new AttemptRunner(pipeline, exactlyOnce, circuits, options.Retries, backoff, time, logger);
        var stopped = StoppedKeys.For(plan.Name, options, deadLetters, time, logger);
        var partitions = new PartitionOwnership(plan.Name, store, plan.Topology.Handles, _writing, time, logger);
        var writer = new ParkingWriter(plan.Name, partitions, _writing, time, logger);
        var parking = new SubscriptionParking(plan.Name, store, partitions, writer, new RetrySchedule(options, backoff), stopped, time, logger);
        var deadly = new DeadlyMessages(plan.Name, store as IStartNotes, partitions, writer, options.Retries.MaxDeaths, PartitionWatermark.AheadMax, _turn, time, logger);
        var others = new OtherInstances(plan.Name, receiver, partitions, time, logger);
        var processor = new DeliveryProcessor(reader, attempts, deadly, parking, others, budget, time, logger);
        var batches = new BatchProcessor(scheduler, reader, attempts, deadly, parking, budget);
        var runs = new ParkedRunProcessor(plan.Name, scheduler, processor, parking, budget, time, logger);
        var heldUp = new HeldUpProcessor(plan.Name, scheduler, parking, budget, time, logger);
        var watch = new HandlerWatch(plan.Name, options.HandlerTimeout, time, logger);
        var lost = plan.Topology.DeliversAtMostOnce ? new LostMessages(plan.Name, logger) : null;
        var workers = new LaneWorkers(plan.Name, scheduler, options.Concurrency, Hire, logger);
        var redeliveries = new RedeliveryFeed(plan.Name, store, partitions, scheduler, budget, RedeliveryFeed.LongestRun, time, logger) { Reading = _reading };
        return new SubscriptionPump(plan.Name, receiver, scheduler, workers, redeliveries, parking, others, deadly, stopped, watch, circuits, budget, time, logger) { Lost = lost };

        LaneWorker Hire(LaneWorkers others)
        {
            var context = new DeliveryContext(plan.Topology.Service, plan.Name, bus, scopes) { Watched = watch.Add() };
            ILaneHandler handler = lost is null
                ? new MessageLaneHandler(scheduler, parking, budget, processor, batches, runs, heldUp, context)
                : new AtMostOnceLaneHandler(scheduler, reader, attempts, parking, lost, budget, runs, context);
            return new LaneWorker(scheduler, handler, others);
        }
    }
}
