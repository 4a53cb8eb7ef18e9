using Carillon.Diagnostics;
using Carillon.Durability;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.DeadLetters;

/// <summary>
/// Sets messages of one subscription aside and knows which keys are held up by that. Everything about one key is called from its lane,
/// one call at a time, so that nothing of the key can pass by what is parked.
/// </summary>
/// <remarks>A write that fails is tried again until it succeeds or the message is taken away: a message is never finished unparked.</remarks>
internal sealed class SubscriptionParking(
    string subscription, IParkingStore store, SubscriptionOptions options, StoppedKeys? stopped, Backoff backoff, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>What writes to the store; those that write to the same one share it.</summary>
    public RecurringFailure Writing { get; init; } = new(time);

    /// <summary>What this instance can handle.</summary>
    public HandledTypes Handles { get; init; } = HandledTypes.Everything;

    /// <summary>The keys that are held up.</summary>
    public HeldUpKeys HeldUp { get; } = new();

    /// <summary>Whether earlier messages of the delivery's key are parked. A parked message itself is never held up: the store releases it in order.</summary>
    public bool IsHeldUp(Delivery delivery) =>
        delivery is not ParkedDelivery && delivery.Envelope.Key is { } key && HeldUp.Contains(delivery.Partition, key);

    /// <summary>Says what is wrong with setting messages aside.</summary>
    public IReadOnlyList<HealthFinding> CheckHealth() =>
        FailureFinding.Of(Writing, $"Messages of {subscription} cannot be parked or released", time.GetUtcNow()) is { } finding ? [finding] : [];

    /// <summary>Learns which keys of the partitions are held up.</summary>
    public async ValueTask LoadAsync(IReadOnlyCollection<string> partitions, CancellationToken cancellation)
    {
        foreach (var partition in partitions)
        {
            // What waited for an instance like this one comes first: before anything of its keys is delivered.
            await store.ReviveAsync(subscription, partition, Handles, cancellation);
            HeldUp.Replace(partition, await store.CountByKeyAsync(subscription, partition, cancellation));
        }
    }

    /// <summary>Parks a message behind earlier ones of its key.</summary>
    public ValueTask ParkBehindAsync(Delivery delivery, CancellationToken cancellation) =>
        ParkAsync(delivery, Scheduled(delivery, time.GetUtcNow(), []), cancellation);

    /// <summary>Parks a message whose attempts failed, for later or for a person.</summary>
    public async ValueTask SetAsideAsync(Delivery delivery, HandlingFailure failure, CancellationToken cancellation)
    {
        var last = failure.Attempts[^1];
        var rounds = failure.Attempts.Count / options.Retries.ImmediateAttempts;
        if (failure.IsPermanent || rounds > options.Retries.DelayedAttempts)
        {
            await BuryAsync(delivery, failure.Code, failure.Reason ?? Describe(last), failure.Attempts, failure.Error, cancellation);
            return;
        }

        var due = time.GetUtcNow() + backoff.AfterRound(Math.Max(rounds, 1));
        await ParkAsync(delivery, Scheduled(delivery, due, failure.Attempts), cancellation);
        DeadLetterLog.Retrying(
            logger, delivery.Envelope.Id, subscription, failure.Attempts.Count, due, last.ErrorType, last.Message, LoggableException.Of(failure.Error));
    }

    /// <summary>
    /// Lets a message that no living instance can handle wait for one that can, or makes it a dead letter when it has waited long enough. In
    /// neither case does it hold up its key: what others can handle goes on.
    /// </summary>
    public ValueTask SetAsideUnhandledAsync(Delivery delivery, string reason, CancellationToken cancellation)
    {
        var parked = (delivery as ParkedDelivery)?.Parked;
        var until = (parked?.ParkedAt ?? time.GetUtcNow()) + options.UnhandledRetention;
        var waiting = Scheduled(delivery, until, parked?.Attempts ?? []) with { BlocksKey = false, Code = ErrorCodes.UnknownType, Reason = reason };
        if (until > time.GetUtcNow())
        {
            DeadLetterLog.Unhandled(logger, delivery.Envelope.Id, delivery.Envelope.Type, subscription, until, reason);
            return ParkAsync(delivery, waiting, cancellation);
        }

        DeadLetterLog.Buried(logger, delivery.Envelope.Id, delivery.Envelope.Type, subscription, ErrorCodes.UnknownType, reason, null);
        return ParkAsync(delivery, waiting with { State = ParkedState.Dead }, cancellation);
    }

    /// <summary>Makes a message a dead letter, with its original bytes.</summary>
    public ValueTask BuryAsync(Delivery delivery, string code, string reason, IReadOnlyList<FailedAttempt> attempts, CancellationToken cancellation) =>
        BuryAsync(delivery, code, reason, attempts, error: null, cancellation);

    /// <summary>Makes a message a dead letter because of an exception, which the log then shows.</summary>
    public async ValueTask BuryAsync(
        Delivery delivery, string code, string reason, IReadOnlyList<FailedAttempt> attempts, Exception? error, CancellationToken cancellation)
    {
        var dead = Scheduled(delivery, default, attempts) with
        {
            State = ParkedState.Dead,
            Code = code,
            Reason = reason,
            BlocksKey = options.DeadLetters != DeadLetterPolicy.Skip,
        };
        if (stopped is not null)
        {
            await StopAsync(delivery, dead, stopped, error, cancellation);
            return;
        }

        await ParkAsync(delivery, dead, cancellation);
        DeadLetterLog.Buried(logger, delivery.Envelope.Id, delivery.Envelope.Type, subscription, code, reason, LoggableException.Of(error));
    }

    /// <summary>A message was handled: if it was parked, it is no longer.</summary>
    public ValueTask CompleteAsync(Delivery delivery, CancellationToken cancellation) =>
        delivery is ParkedDelivery parked ? ReleaseAsync(parked, cancellation) : ValueTask.CompletedTask;

    /// <summary>Counts anew how much of a delivery's key is parked, after somebody else has changed it.</summary>
    public async ValueTask RecountAsync(Delivery delivery, CancellationToken cancellation)
    {
        var key = delivery.Envelope.Key!;
        var counts = await store.CountByKeyAsync(subscription, delivery.Partition, cancellation);
        HeldUp.Set(delivery.Partition, key, counts.GetValueOrDefault(key));
    }

    /// <summary>Keeps a message as a dead letter that is tried again by itself.</summary>
    private async ValueTask StopAsync(Delivery delivery, ParkedMessage dead, StoppedKeys keys, Exception? error, CancellationToken cancellation)
    {
        var message = dead with { Code = ErrorCodes.KeyStopped, Reason = $"{dead.Code}: {dead.Reason}", Attempts = StoppedKeys.Shorten(dead.Attempts, options.Retries) };
        await ParkAsync(delivery, message, cancellation);
        DeadLetterLog.KeyStopped(
            logger, ErrorCodes.KeyStopped, subscription, delivery.Envelope.Key, delivery.Envelope.Id, delivery.Envelope.Type, dead.Code!, dead.Reason!, LoggableException.Of(error));
        keys.Changed.Set();
    }

    private async ValueTask ParkAsync(Delivery delivery, ParkedMessage message, CancellationToken cancellation)
    {
        Failpoint.Reach("message.parking");
        message = StorableMessage.Of(message);
        if (delivery is ParkedDelivery { Parked: var before })
        {
            await PersistAsync(storable => store.UpdateAsync(storable, cancellation), message, cancellation);
            if (before.BlocksKey && !message.BlocksKey)
                HeldUp.Decrement(message.Partition, message.Envelope.Key);
            else if (!before.BlocksKey && message.BlocksKey)
                HeldUp.Increment(message.Partition, message.Envelope.Key);
        }
        else
        {
            await PersistAsync(storable => store.ParkAsync([storable], cancellation), message, cancellation);
            if (message.BlocksKey)
                HeldUp.Increment(message.Partition, message.Envelope.Key);
        }

        Failpoint.Reach("message.parked");
    }

    private async ValueTask ReleaseAsync(ParkedDelivery parked, CancellationToken cancellation)
    {
        Failpoint.Reach("message.releasing");
        await PersistAsync(_ => store.CompleteAsync([parked.Parked.Id], cancellation), parked.Parked, cancellation);
        if (parked.Parked.BlocksKey)
            HeldUp.Decrement(parked.Partition, parked.Envelope.Key);
        stopped?.Forget(parked.Parked.Id);
        Failpoint.Reach("message.released");
    }

    private async ValueTask PersistAsync(Func<ParkedMessage, ValueTask> write, ParkedMessage message, CancellationToken cancellation)
    {
        var refusals = 0;
        for (var failures = 1; ; failures++)
        {
            try
            {
                await write(message);
                if (Writing.Succeeded() is { } over)
                    DeadLetterLog.StoreAgain(logger, subscription, over.Lasted, over.Count);
                return;
            }
            catch (CarillonException refusal) when (refusal.Code == ErrorCodes.ContentRefused && refusals < 2)
            {
                // What was said about it goes first, what others may do without goes next. The message itself is never given up.
                DeadLetterLog.ContentRefused(logger, message.Envelope.Id, subscription, refusal);
                message = refusals++ == 0 ? StorableMessage.WithoutTexts(message, refusal) : StorableMessage.Bare(message, refusal);
            }
            catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                if (Writing.Failed(error) is { } notice)
                    DeadLetterLog.StoreFailed(logger, message.Envelope.Id, subscription, notice.Count, notice.Lasted, error);
                var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures, 10)));
                await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellation);
            }
        }
    }

    private static string Describe(FailedAttempt attempt) =>
        attempt.Handler is null ? $"{attempt.ErrorType}: {attempt.Message}" : $"{attempt.Handler} threw {attempt.ErrorType}: {attempt.Message}";

    private ParkedMessage Scheduled(Delivery delivery, DateTimeOffset due, IReadOnlyList<FailedAttempt> attempts) => new()
    {
        Id = delivery is ParkedDelivery parked ? parked.Parked.Id : 0,
        Subscription = subscription,
        Envelope = delivery.Envelope,
        Partition = delivery.Partition,
        Position = delivery.Position,
        State = ParkedState.Scheduled,
        Due = due,
        ParkedAt = delivery is ParkedDelivery earlier ? earlier.Parked.ParkedAt : time.GetUtcNow(),
        Attempts = attempts,
    };
}
