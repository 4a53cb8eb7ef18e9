using System.Runtime.ExceptionServices;
using Carillon.Durability;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Transports;

namespace Carillon.Relaying;

/// <summary>Hands deliveries of the outbox to the transport as they are, and finishes each as the transport says.</summary>
internal sealed class RelayBatchSender(ITransportSender sender, SubscriptionParking parking, int batchBytes, TimeProvider time)
{
    private const int RefusalsMax = 5;
    private readonly int _callMessages = (sender as IPipelinedSender)?.MessagesMax ?? int.MaxValue;
    private readonly bool _isPipelined = sender is IPipelinedSender;

    /// <summary>
    /// Sends a batch, in as many calls as it takes; a transport that takes further calls while earlier ones are unconfirmed gets them all at once. What is
    /// finished, sent or set aside, leaves the batch.
    /// </summary>
    /// <returns>Why what is left was refused for now, each message by itself, or null when nothing is left.</returns>
    /// <exception cref="Exception">Nobody knows what of a call is stored; what is left of the batch is to be sent again.</exception>
    public async ValueTask<PublishFailedException?> SendAsync(RelayBatch batch, CancellationToken cancellation)
    {
        PublishFailedException? refusal = null;
        Exception? broken = null;
        var calls = new Queue<RelayCall>();
        for (var next = 0; calls.Count > 0 || (broken is null && next < batch.Places);)
        {
            try
            {
                if (broken is null && next < batch.Places)
                {
                    (var slice, next) = await SelectAsync(batch, next, cancellation);
                    if (slice.Count > 0)
                        calls.Enqueue(Begin(slice, batch, cancellation));
                }

                if (calls.Count > 0 && (!_isPipelined || broken is not null || next == batch.Places))
                    refusal = await FinishAsync(calls.Dequeue(), batch, cancellation) ?? refusal;
            }
            catch (Exception error)
            {
                // Calls that have begun are waited for all the same.
                broken ??= error;
            }
        }

        if (broken is not null)
            ExceptionDispatchInfo.Throw(broken);
        return refusal;
    }

    /// <summary>Whether a delivery waits for earlier ones of its key that are parked, and is not one of them itself.</summary>
    public bool IsHeldUp(Delivery delivery) => parking.IsHeldUp(delivery) && !parking.Partitions.Copies.Contains(delivery);

    /// <summary>Waits until the partitions of what is left of a batch are this instance's again, or are taken away.</summary>
    public async ValueTask RegainAsync(RelayBatch batch, CancellationToken patience)
    {
        for (var place = 0; place < batch.Places; place++)
        {
            if (batch[place] is { } delivery)
                await parking.Partitions.RegainAsync(delivery.Partition, patience);
        }
    }

    /// <summary>
    /// Sets aside what was refused for now so often that it has to make room in memory, with what waits behind it. It comes back by itself.
    /// </summary>
    public async ValueTask PostponeAsync(RelayBatch batch, TimeSpan delay, CancellationToken cancellation)
    {
        for (var place = 0; place < batch.Places; place++)
        {
            if (batch[place] is not { } delivery || (delivery is not ParkedDelivery && batch.RefusalsAt(place) < RefusalsMax))
                continue;
            await parking.In(batch.Place).PostponeAsync(delivery, delay, cancellation);
            batch.Finish(place);
        }
    }

    /// <summary>The places from one on that fit into one call, and where the next call begins. What is not to be sent is finished on the way.</summary>
    private async ValueTask<(List<int> Slice, int End)> SelectAsync(RelayBatch batch, int first, CancellationToken cancellation)
    {
        var slice = new List<int>(batch.Places - first);
        var bytes = 0L;
        for (var place = first; place < batch.Places; place++)
        {
            if (batch[place] is not { } delivery)
                continue;
            if (await TrySetAsideAsync(delivery, batch, cancellation))
            {
                batch.Finish(place);
                continue;
            }

            bytes += delivery.Envelope.Body.Length;
            if (slice.Count > 0 && (bytes > batchBytes || slice.Count == _callMessages))
                return (slice, place);
            slice.Add(place);
        }

        return (slice, batch.Places);
    }

    /// <summary>Deals with what is not to be sent: messages that are parked already or held up, rows that cannot be read.</summary>
    private async ValueTask<bool> TrySetAsideAsync(Delivery delivery, RelayBatch batch, CancellationToken cancellation)
    {
        if (parking.Partitions.Copies.Take(delivery))
            return true;
        _ = parking.Partitions.OwnerOf(delivery.Partition);
        if (parking.IsHeldUp(delivery) && (await parking.In(batch.Place).ParkBehindAsync([delivery], cancellation))[delivery.Envelope.Key!])
            return true;
        if (delivery.Envelope.Defect is not { } defect)
            return false;
        await parking.In(batch.Place).BuryAsync(delivery, defect.Code, defect.Detail, RetrySchedule.EarlierAttempts(delivery), cancellation);
        return true;
    }

    private RelayCall Begin(List<int> places, RelayBatch batch, CancellationToken cancellation)
    {
        var envelopes = places.Select(place => batch[place]!.Envelope).ToArray();
        Failpoint.Reach("relay.sending");
        return new RelayCall(places, sender.SendAsync(envelopes, cancellation).AsTask());
    }

    /// <summary>Finishes what a call has sent.</summary>
    /// <returns>Why some of it is to be sent again, or null.</returns>
    private async ValueTask<PublishFailedException?> FinishAsync(RelayCall call, RelayBatch batch, CancellationToken cancellation)
    {
        IReadOnlyList<SendFailure>? answer;
        try
        {
            answer = await call.Answer;
        }
        catch (PublishFailedException refusal) when (IsForGood(refusal))
        {
            if (call.Places.Count > 1)
                return await SendOneByOneAsync(call, batch, cancellation);
            answer = [new SendFailure(0, refusal)];
        }

        Failpoint.Reach("relay.sent");
        return await FinishAsync(call.Places, ByIndex(answer, call.Places.Count), batch, cancellation);
    }

    private async ValueTask<PublishFailedException?> FinishAsync(
        List<int> slice, Dictionary<int, PublishFailedException> failures, RelayBatch batch, CancellationToken cancellation)
    {
        // First and at once what needs nothing more than that: what comes next may fail or be given up, and what is confirmed must not be sent again for that.
        foreach (var (index, place) in slice.Index())
        {
            if (!failures.ContainsKey(index) && batch[place] is not (null or ParkedDelivery))
                batch.Finish(place);
        }

        PublishFailedException? uncertain = null;
        for (var index = 0; index < slice.Count; index++)
        {
            if (batch[slice[index]] is not { } delivery)
                continue;
            var failure = failures.GetValueOrDefault(index);
            // What is refused for now keeps its place, like what may be stored; only what is refused for good is set aside.
            if (failure is { IsOutcomeUnknown: true } or { IsTransient: true })
            {
                uncertain = failure;
                continue;
            }

            if (failure is null)
                await CompleteAsync(delivery, batch, cancellation);
            else
                await QuarantineAsync(delivery, failure, batch, cancellation);
            batch.Finish(slice[index]);
        }

        return uncertain;
    }

    /// <summary>A message of a call is refused for good, and nobody says which.</summary>
    private async ValueTask<PublishFailedException?> SendOneByOneAsync(RelayCall call, RelayBatch batch, CancellationToken cancellation)
    {
        PublishFailedException? uncertain = null;
        foreach (var place in call.Places)
            uncertain = await FinishAsync(Begin([place], batch, cancellation), batch, cancellation) ?? uncertain;
        return uncertain;
    }

    // A sender that is closed refuses whatever it is given.
    private static bool IsForGood(PublishFailedException refusal) =>
        refusal is { IsTransient: false, IsOutcomeUnknown: false } && refusal.Code != ErrorCodes.BusNotRunning;

    private async ValueTask QuarantineAsync(Delivery delivery, PublishFailedException error, RelayBatch batch, CancellationToken cancellation)
    {
        var earlier = RetrySchedule.EarlierAttempts(delivery);
        var attempt = AttemptRecorder.Record(RetrySchedule.NextAttempt(delivery, earlier), time.GetUtcNow(), handler: null, error);
        await parking.In(batch.Place).BuryAsync(delivery, error.Code, attempt.Message, [.. earlier, attempt], error, cancellation);
    }

    private async ValueTask CompleteAsync(Delivery delivery, RelayBatch batch, CancellationToken cancellation)
    {
        SubscriptionParking.Complete(delivery);
        if (delivery is ParkedDelivery parked)
            await parking.In(batch.Place).WriteDownAsync(parked, cancellation);
    }

    private static Dictionary<int, PublishFailedException> ByIndex(IReadOnlyList<SendFailure>? failures, int count)
    {
        var byIndex = new Dictionary<int, PublishFailedException>();
        foreach (var (index, error) in failures ?? [])
        {
            // Somebody's message failed and nobody knows whose: none of them may be believed to be stored.
            if ((uint)index >= (uint)count)
                throw new InvalidOperationException($"The transport reported a failure of message {index} in a batch of {count}.");
            byIndex[index] = error ?? new PublishFailedException(ErrorCodes.PublishFailed, "The transport did not accept the message and did not say why.");
        }

        return byIndex;
    }
}
