using System.Globalization;
using Carillon.Diagnostics;
using Carillon.Durability;
using Carillon.Retrying;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Parking;

/// <summary>
/// Sets messages of one subscription aside. Everything about one key is called from its lane, one call at a time, so that nothing of the key can pass by
/// what is parked.
/// </summary>
internal sealed class SubscriptionParking(
    string subscription, IParkingStore store, PartitionOwnership partitions, ParkingWriter writer, RetrySchedule schedule, StoppedKeys? stopped, TimeProvider time, ILogger logger)
{
    /// <summary>The partitions that this instance may write about, and their keys that are held up.</summary>
    public PartitionOwnership Partitions => partitions;

    /// <summary>The same for somebody who has a place to lend, while what is to be set aside has to wait for the store.</summary>
    public SubscriptionParking In(IWorkingPlace? place) => new(subscription, store, partitions, writer.In(place), schedule, stopped, time, logger);

    /// <summary>Whether earlier messages of the delivery's key are parked. A parked message itself is never held up: the store releases it in order.</summary>
    public bool IsHeldUp(Delivery delivery) =>
        delivery is not ParkedDelivery && delivery.Envelope.Key is { } key && partitions.HeldUp.Contains(delivery.Partition, key);

    /// <summary>Says what is wrong with setting messages aside.</summary>
    public IReadOnlyList<HealthFinding> CheckHealth() => writer.CheckHealth();

    /// <summary>Parks messages of one partition behind earlier ones of their keys.</summary>
    /// <returns>Of each key whether that was done: it may have become free meanwhile, and then its messages are to be handled.</returns>
    public async ValueTask<IReadOnlyDictionary<string, bool>> ParkBehindAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellation)
    {
        ParkedMessage[] behind = [.. deliveries.Select(delivery => MessageOf(delivery) with { State = ParkedState.Behind })];
        return (await ParkAsync(deliveries[0], behind, cancellation)).HeldUp;
    }

    /// <summary>Parks a message whose attempts failed, for later or for a person.</summary>
    public async ValueTask SetAsideAsync(Delivery delivery, HandlingFailure failure, CancellationToken cancellation)
    {
        var message = schedule.AfterRound(MessageOf(delivery), failure);
        await KeepAsync(delivery, message, failure.Error, cancellation);
        if (message.State != ParkedState.Scheduled)
            return;
        var last = failure.Attempts[^1];
        var envelope = delivery.Envelope;
        DeadLetterLog.Retrying(
            logger, envelope.Id, envelope.Type, envelope.Key, last.Handler, subscription, last.Number, time.GetUtcNow() + message.Delay, last.ErrorType, last.Message, LoggableException.Of(failure.Error));
    }

    /// <summary>
    /// Lets a message that no living instance can handle wait for one that can, or makes it a dead letter when it has waited long enough. In
    /// neither case does it hold up its key: what others can handle goes on.
    /// </summary>
    public async ValueTask SetAsideUnhandledAsync(Delivery delivery, string reason, CancellationToken cancellation)
    {
        var message = schedule.Wait(MessageOf(delivery), reason, time.GetUtcNow());
        await KeepAsync(delivery, message, null, cancellation);
        if (message.State != ParkedState.Scheduled)
            return;
        if (RoutedType.Of(delivery.Envelope) is { } waiting)
            partitions.Waiting.Add(delivery.Partition, waiting);
        DeadLetterLog.Unhandled(logger, delivery.Envelope.Id, delivery.Envelope.Type, subscription, time.GetUtcNow() + message.Delay, reason);
    }

    /// <summary>Parks a message that cannot be dealt with now and has failed at nothing.</summary>
    public ValueTask PostponeAsync(Delivery delivery, TimeSpan delay, CancellationToken cancellation) =>
        KeepAsync(delivery, RetrySchedule.Postpone(MessageOf(delivery), delay), error: null, cancellation);

    /// <summary>Makes a message a dead letter, with its original bytes.</summary>
    public ValueTask BuryAsync(Delivery delivery, string code, string reason, IReadOnlyList<FailedAttempt> attempts, CancellationToken cancellation) =>
        BuryAsync(delivery, code, reason, attempts, error: null, cancellation);

    /// <summary>Makes a message a dead letter because of an exception, which the log then shows.</summary>
    public ValueTask BuryAsync(
        Delivery delivery, string code, string reason, IReadOnlyList<FailedAttempt> attempts, Exception? error, CancellationToken cancellation) =>
        KeepAsync(delivery, schedule.Bury(MessageOf(delivery), code, reason, attempts), error, cancellation);

    /// <summary>A message was handled: if it was parked, it is no longer, as soon as its run is written down.</summary>
    public static void Complete(Delivery delivery)
    {
        if (delivery is ParkedDelivery parked)
            parked.Run.Finish(parked);
    }

    /// <summary>Writes down what is finished of a run.</summary>
    public async ValueTask WriteDownAsync(ParkedDelivery ofRun, CancellationToken cancellation)
    {
        if (!ofRun.Run.HasFinished)
            return;
        Failpoint.Reach("message.releasing");
        await WriteAsync(ofRun, [], (owner, _) => store.SettleAsync(owner, Numbers(ofRun.Run), null, cancellation), cancellation);
        Clear(ofRun.Run);
        if (ofRun.Parked.Code == ErrorCodes.KeyStopped)
            stopped?.Change();
        Failpoint.Reach("message.released");
    }

    /// <summary>Keeps a message that failed, and says so.</summary>
    private async ValueTask KeepAsync(Delivery delivery, ParkedMessage message, Exception? error, CancellationToken cancellation)
    {
        if (delivery is ParkedDelivery parked)
            await SettleAsync(parked, message, cancellation);
        else
            await ParkAsync(delivery, [message], cancellation);
        if (message.State == ParkedState.Stopped)
            DeadLetterLog.KeyStopped(logger, ErrorCodes.KeyStopped, subscription, delivery.Envelope.Key, delivery.Envelope.Id, delivery.Envelope.Type, message.Reason!, LoggableException.Of(error));
        else if (message.State == ParkedState.Dead)
            LogBuried(message, error);
        stopped?.Change();
    }

    private void LogBuried(ParkedMessage message, Exception? error)
    {
        var (envelope, number) = (message.Envelope, message.Id);
        DeadLetterLog.Buried(
            logger, envelope.Id, envelope.Type, envelope.Key, number > 0 ? number.ToString(CultureInfo.InvariantCulture) : "(new)", subscription, message.Code!, message.Reason!,
            message.BlocksKey && envelope.Key is not null ? ". Later messages of the key wait until it is replayed or discarded" : "", LoggableException.Of(error));
    }

    private async ValueTask SettleAsync(ParkedDelivery parked, ParkedMessage message, CancellationToken cancellation)
    {
        Failpoint.Reach("message.parking");
        await WriteAsync(parked, [message], (owner, kept) => store.SettleAsync(owner, Numbers(parked.Run), kept[0], cancellation), cancellation);
        Clear(parked.Run);
        parked.Run.Break();
        Failpoint.Reach("message.parked");
    }

    private static long[] Numbers(ParkedRun run) => [.. run.Finished.Select(static message => message.Id)];

    private void Clear(ParkedRun run)
    {
        foreach (var message in run.Finished)
            partitions.Copies.Finish(message);
        run.Clear(areWritten: true);
    }

    private async ValueTask<ParkingAnswer> ParkAsync(Delivery first, IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation)
    {
        Failpoint.Reach("message.parking");
        var answer = await WriteAsync(first, messages, (owner, kept) => store.ParkAsync(owner, kept, cancellation), cancellation);
        Failpoint.Reach("message.parked");
        return answer;
    }

    private async ValueTask<ParkingAnswer> WriteAsync(
        Delivery delivery, IReadOnlyList<ParkedMessage> messages, Func<ParkingOwner, IReadOnlyList<ParkedMessage>, ValueTask<ParkingAnswer>> write, CancellationToken cancellation)
    {
        var kept = new StorableMessages(messages);
        return await writer.WriteAsync(delivery.Partition, delivery.Envelope.Id, WriteOnceAsync, cancellation);

        async ValueTask<ParkingAnswer> WriteOnceAsync(ParkingOwner owner)
        {
            while (true)
            {
                try
                {
                    var answer = await write(owner, kept.Messages);
                    partitions.HeldUp.Follow(owner.Partition, answer);
                    return answer;
                }
                catch (CarillonException refusal) when (refusal.Code == ErrorCodes.ContentRefused && kept.TryReduce(refusal))
                {
                    DeadLetterLog.ContentRefused(logger, delivery.Envelope.Id, subscription, refusal);
                }
            }
        }
    }

    private ParkedMessage MessageOf(Delivery delivery) => (delivery as ParkedDelivery)?.Parked ?? new ParkedMessage
    {
        Subscription = subscription,
        Envelope = delivery.Envelope,
        Partition = delivery.Partition,
        Position = delivery.Position,
        State = ParkedState.Scheduled,
        ParkedAt = time.GetUtcNow(),
    };
}
