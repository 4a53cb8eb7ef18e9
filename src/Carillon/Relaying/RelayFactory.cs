using Carillon.Diagnostics;
using Carillon.Parking;
using Carillon.Publishing;
using Carillon.Retrying;
using Carillon.Subscribing;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Relaying;

/// <summary>
/// Puts a service's relay together: a subscription like any other, on the outbox instead of the transport, whose handler is the transport.
/// The place to start reading about relaying.
/// </summary>
internal sealed class RelayFactory(string service, OutboxOptions options, IParkingStore store, IDeadLetters deadLetters, TimeProvider time, Random random, ILogger logger)
{
    /// <summary>The relay's subscription of the outbox. No name of a handler's subscription can hold a colon.</summary>
    public static SubscriptionTopology TopologyOf(string service) => new()
    {
        Name = service + ":outbox",
        Service = service,
        Topics = [],
        Source = EnvelopeFactory.SourceOf(service),
        Start = StartPosition.Beginning,
    };

    /// <summary>Makes the relay.</summary>
    /// <param name="receiver">The outbox's.</param>
    /// <param name="sender">The transport's.</param>
    public SubscriptionPump Create(ITransportReceiver receiver, ITransportSender sender)
    {
        var name = TopologyOf(service).Name;
        var subscription = new SubscriptionOptions { Concurrency = 1, DeadLetters = options.DeadLetters };
        subscription.Retries.FirstDelay = options.FirstDelay;
        subscription.Retries.MaxDelay = options.MaxDelay;
        var backoff = new Backoff(subscription.Retries, random);
        var budget = new DeliveryBudget(options.MaxInFlight, options.MaxInFlightBytes);
        var scheduler = new LaneScheduler();
        var stopped = StoppedKeys.For(name, subscription, deadLetters, time, logger);
        var writing = new RecurringFailure(time);
        var partitions = new PartitionOwnership(name, store, HandledMessages.Everything, writing, time, logger);
        var parking = new SubscriptionParking(name, store, partitions, new ParkingWriter(name, partitions, writing, time, logger), new RetrySchedule(subscription, backoff), stopped, time, logger);
        var batches = new RelayBatchSender(sender, parking, options.BatchBytes, time);
        var handler = new RelayLaneHandler(name, scheduler, batches, new HeldUpProcessor(name, scheduler, parking, budget, time, logger), budget, options, backoff, time, logger);
        var workers = new LaneWorkers(name, scheduler, places: 1, others => new LaneWorker(scheduler, handler, others), logger);
        var redeliveries = new RedeliveryFeed(name, store, partitions, scheduler, budget, mostOfKey: 1, time, logger);
        return new SubscriptionPump(name, receiver, scheduler, workers, redeliveries, parking, others: null, deadly: null, stopped, watch: null, circuits: null, budget, time, logger);
    }
}
