using System.Collections.Concurrent;
using Carillon.Diagnostics;
using Carillon.Durability;
using Carillon.Retrying;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Parking;

/// <summary>
/// Sets messages of one subscription aside and knows which keys are held up by that. Everything about one key is called from its lane,
/// one call at a time, so that nothing of the key can pass by what is parked.
/// </summary>
/// <remarks>
/// A write that fails is tried again until it succeeds or the message is taken away: a message is never finished unparked. A write that is refused because
/// the partition has another owner is not tried again, and nothing of the partition is handled any more until it is this instance's again.
/// </remarks>
internal sealed class SubscriptionParking(
    string subscription, IParkingStore store, RetrySchedule schedule, StoppedKeys? stopped, TimeProvider time, ILogger logger)
{
    private const int PageSize = 1_000;
    private const int MostRefusals = 3;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RegainPause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, AssignedPartition> _assigned = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ParkingOwner> _owners = new(StringComparer.Ordinal);

    /// <summary>What writes to the store; those that write to the same one share it.</summary>
    public RecurringFailure Writing { get; init; } = new(time);

    /// <summary>What this instance can handle.</summary>
    public HandledTypes Handles { get; init; } = HandledTypes.Everything;

    /// <summary>The keys that are held up.</summary>
    public HeldUpKeys HeldUp { get; } = new();

    /// <summary>What waits for an instance that can handle it.</summary>
    public WaitingTypes Waiting { get; } = new();

    /// <summary>What the transport delivers although it is parked.</summary>
    public ParkedCopies Copies { get; } = new();

    /// <summary>The partitions that this instance may write to.</summary>
    public IReadOnlyCollection<ParkingOwner> Owners => [.. _owners.Values];

    /// <summary>Whether earlier messages of the delivery's key are parked. A parked message itself is never held up: the store releases it in order.</summary>
    public bool IsHeldUp(Delivery delivery) =>
        delivery is not ParkedDelivery && delivery.Envelope.Key is { } key && HeldUp.Contains(delivery.Partition, key);

    /// <summary>Says what is wrong with setting messages aside.</summary>
    public IReadOnlyList<HealthFinding> CheckHealth() =>
        FailureFinding.Of(Writing, $"Messages of {subscription} cannot be parked or released", time.GetUtcNow()) is { } finding ? [finding] : [];

    /// <summary>Takes partitions over and learns which of their keys are held up.</summary>
    public async ValueTask AssignAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation)
    {
        foreach (var assignment in partitions)
            _assigned[assignment.Partition] = assignment;
        await TakeOverAsync(partitions, cancellation);
    }

    /// <summary>Becomes the owner of its partitions once more: what was claimed for this instance without its knowledge is free by that.</summary>
    public async ValueTask RenewAsync(CancellationToken cancellation)
    {
        AssignedPartition[] owned = [.. _assigned.Values.Where(assignment => _owners.ContainsKey(assignment.Partition))];
        foreach (var owner in await store.TakeOverAsync(subscription, owned, cancellation))
            Own(owner);
    }

    /// <summary>Forgets partitions.</summary>
    public void Revoke(IReadOnlyCollection<string> partitions)
    {
        foreach (var partition in partitions)
        {
            _assigned.TryRemove(partition, out _);
            _owners.TryRemove(partition, out _);
            HeldUp.Close(partition);
            Waiting.Close(partition);
            Copies.Close(partition);
        }
    }

    /// <summary>Whether an owner still is the one by whose right this instance writes.</summary>
    public bool IsOwner(ParkingOwner owner) => _owners.TryGetValue(owner.Partition, out var known) && known == owner;

    /// <summary>The right to write about a partition.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.PartitionTakenOver"/>: it is not this instance's any more.</exception>
    public ParkingOwner OwnerOf(string partition) =>
        _owners.TryGetValue(partition, out var owner) ? owner : throw PartitionTakenOver.Refuse(new ParkingOwner(subscription, partition, 0));

    /// <summary>
    /// Waits until a partition that was taken over is this instance's again, or the transport says that it is not. While the store cannot be reached it tries again.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="patience">Cancelled when the transport takes it away. That ends the wait and is no error.</param>
    public async ValueTask RegainAsync(string partition, CancellationToken patience)
    {
        try
        {
            while (!_owners.ContainsKey(partition))
            {
                await Task.Delay(RegainPause, time, patience);
                if (!_owners.ContainsKey(partition) && _assigned.TryGetValue(partition, out var assignment))
                    await TryTakeOverAsync(assignment, patience);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // The lane was taken away: the caller looks at it.
        }
    }

    /// <summary>Learns of replays.</summary>
    public void Learn(IReadOnlyList<ReplayedKey> replays)
    {
        foreach (var (partition, key, number) in replays)
            HeldUp.Add(partition, key, number);
    }

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
        DeadLetterLog.Retrying(
            logger, delivery.Envelope.Id, subscription, last.Number, time.GetUtcNow() + message.Delay, last.ErrorType, last.Message, LoggableException.Of(failure.Error));
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
        if (HandledType.Of(delivery.Envelope) is { } type)
            Waiting.Add(delivery.Partition, type);
        DeadLetterLog.Unhandled(logger, delivery.Envelope.Id, delivery.Envelope.Type, subscription, time.GetUtcNow() + message.Delay, reason);
    }

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
            parked.Run.Finish(parked.Parked);
    }

    /// <summary>Writes down what is finished of a run.</summary>
    public async ValueTask WriteDownAsync(ParkedDelivery ofRun, CancellationToken cancellation)
    {
        if (!ofRun.Run.HasFinished)
            return;
        Failpoint.Reach("message.releasing");
        await PersistAsync(ofRun, [], (owner, _) => store.SettleAsync(owner, Numbers(ofRun.Run), null, cancellation), cancellation);
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
            DeadLetterLog.Buried(logger, delivery.Envelope.Id, delivery.Envelope.Type, subscription, message.Code!, message.Reason!, LoggableException.Of(error));
        stopped?.Change();
    }

    private async ValueTask SettleAsync(ParkedDelivery parked, ParkedMessage message, CancellationToken cancellation)
    {
        Failpoint.Reach("message.parking");
        await PersistAsync(parked, [message], (owner, kept) => store.SettleAsync(owner, Numbers(parked.Run), kept[0], cancellation), cancellation);
        Clear(parked.Run);
        parked.Run.Break();
        Failpoint.Reach("message.parked");
    }

    private static long[] Numbers(ParkedRun run) => [.. run.Finished.Select(static message => message.Id)];

    private void Clear(ParkedRun run)
    {
        foreach (var message in run.Finished)
            Copies.Finish(message);
        run.Clear();
    }

    private async ValueTask<ParkingAnswer> ParkAsync(Delivery first, IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation)
    {
        Failpoint.Reach("message.parking");
        var answer = await PersistAsync(first, messages, (owner, kept) => store.ParkAsync(owner, kept, cancellation), cancellation);
        Failpoint.Reach("message.parked");
        return answer;
    }

    private async ValueTask<ParkingAnswer> PersistAsync(
        Delivery delivery, IReadOnlyList<ParkedMessage> messages, Func<ParkingOwner, IReadOnlyList<ParkedMessage>, ValueTask<ParkingAnswer>> write, CancellationToken cancellation)
    {
        var refusals = 0;
        messages = [.. messages.Select(StorableMessage.Of)];
        for (var failures = 1; ; failures++)
        {
            var owner = OwnerOf(delivery.Partition);
            try
            {
                var answer = await write(owner, messages);
                if (Writing.Succeeded() is { } over)
                    DeadLetterLog.StoreAgain(logger, subscription, over.Lasted, over.Count);
                HeldUp.Follow(owner.Partition, answer);
                return answer;
            }
            catch (Exception error) when (PartitionTakenOver.Says(error))
            {
                if (_owners.TryGetValue(owner.Partition, out var present) && present != owner)
                    continue;
                if (_owners.TryRemove(KeyValuePair.Create(owner.Partition, owner)))
                    DeadLetterLog.TakenOver(logger, subscription, owner.Partition);
                throw;
            }
            catch (CarillonException refusal) when (refusal.Code == ErrorCodes.ContentRefused && refusals < 2)
            {
                // What was said about it goes first, what others may do without goes next. The message itself is never given up.
                DeadLetterLog.ContentRefused(logger, delivery.Envelope.Id, subscription, refusal);
                var isFirst = refusals++ == 0;
                messages = [.. messages.Select(message => isFirst ? StorableMessage.WithoutTexts(message, refusal) : StorableMessage.Bare(message, refusal))];
            }
            catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                if (Writing.Failed(error) is { } notice)
                    DeadLetterLog.StoreFailed(logger, delivery.Envelope.Id, subscription, notice.Count, notice.Lasted, error);
                var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures, 10)));
                await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellation);
            }
        }
    }

    private async ValueTask TryTakeOverAsync(AssignedPartition assignment, CancellationToken patience)
    {
        try
        {
            await TakeOverAsync([assignment], patience);
            if (Writing.Succeeded() is { } over)
                DeadLetterLog.StoreAgain(logger, subscription, over.Lasted, over.Count);
        }
        catch (Exception error) when (error is not OperationCanceledException || !patience.IsCancellationRequested)
        {
            if (Writing.Failed(error) is { } notice)
                DeadLetterLog.TakeOverFailed(logger, assignment.Partition, subscription, notice.Count, notice.Lasted, error);
        }
    }

    private async ValueTask TakeOverAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation)
    {
        var owners = await store.TakeOverAsync(subscription, partitions, cancellation);
        foreach (var owner in owners)
        {
            HeldUp.Open(owner.Partition);
            Copies.Open(partitions.First(assignment => assignment.Partition == owner.Partition), owner.ParkedUpTo);

            // What waited for an instance like this one comes first: before anything of its keys is delivered.
            var present = await ReviveAsync(owner, cancellation);
            await LoadAsync(present, cancellation);
            Own(present);
        }

        foreach (var (partition, _) in partitions.Where(assignment => owners.All(owner => owner.Partition != assignment.Partition)))
            DeadLetterLog.TakenOver(logger, subscription, partition);
    }

    /// <summary>Makes due what waited for this instance. A takeover of its own that comes late counts as another one: then it takes over once more.</summary>
    private async ValueTask<ParkingOwner> ReviveAsync(ParkingOwner owner, CancellationToken cancellation)
    {
        for (var refusals = 0; ; refusals++)
        {
            try
            {
                Waiting.Open(owner.Partition, await store.ReviveAsync(owner, Handles, cancellation));
                return owner;
            }
            catch (CarillonException refusal) when (PartitionTakenOver.Says(refusal))
            {
                if (refusals == MostRefusals || !_assigned.TryGetValue(owner.Partition, out var assignment))
                    return owner;
                if (await store.TakeOverAsync(subscription, [assignment], cancellation) is not [var again])
                    return owner;
                owner = again;
            }
        }
    }

    // What was taken away meanwhile stays away, and of two takeovers the later one counts.
    private void Own(ParkingOwner owner)
    {
        if (_assigned.ContainsKey(owner.Partition))
            _owners.AddOrUpdate(owner.Partition, owner, (_, known) => known.Epoch > owner.Epoch ? known : owner);
    }

    private async ValueTask LoadAsync(ParkingOwner owner, CancellationToken cancellation)
    {
        IReadOnlyList<string> page;
        string? last = null;
        do
        {
            page = await store.ReadHeldUpAsync(owner, last, PageSize, cancellation);
            foreach (var key in page)
                HeldUp.Add(owner.Partition, last = key);
        }
        while (page.Count == PageSize);
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
