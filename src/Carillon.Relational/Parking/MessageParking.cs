using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// Sets messages aside, all or none. One that is there already stays as it is, and one that is to wait behind others is kept only where there are
/// others. Null when the partition has another owner.
/// </summary>
internal sealed class MessageParking(ParkingOwner owner, IReadOnlyList<ParkedMessage> messages) : WriteOperation<ParkingAnswer?>
{
    public override long Size => messages.Sum(message => 1024L + message.Envelope.Body.Length);

    public override async ValueTask<ParkingAnswer?> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        if (!await ParkingAccess.TryEnterAsync(session, owner, cancellation))
            return null;
        var heldUp = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            if (message.State == ParkedState.Behind && !await IsHeldUpAsync(session, message.Envelope.Key, heldUp, cancellation))
                continue;
            await QueueAsync(session, message, cancellation);
            // It holds its key up unless it was there already: the store knows.
            if (message is { BlocksKey: true, State: not ParkedState.Behind, Envelope.Key: { } key })
                heldUp.Remove(key);
        }

        await session.Prepare(ParkingSql.Insert).FlushAsync(cancellation);
        return await KeyOrder.AnswerAsync(session, owner, messages.Select(static message => message.Envelope.Key), cancellation);
    }

    private async ValueTask<bool> IsHeldUpAsync(WriteSession session, string? key, Dictionary<string, bool> known, CancellationToken cancellation)
    {
        if (key is null)
            return false;
        if (!known.TryGetValue(key, out var isHeldUp))
        {
            await session.Prepare(ParkingSql.Insert).FlushAsync(cancellation);
            isHeldUp = await session.Prepare(ParkingSql.Of(session).First)
                .Set("subscription", owner.Subscription).Set("partition", owner.Partition).Set("key", IndexedText.Of(key)).NumberAsync(cancellation) is not null;
            known.Add(key, isHeldUp);
        }

        return isHeldUp;
    }

    private static ValueTask QueueAsync(WriteSession session, ParkedMessage message, CancellationToken cancellation) => session.Prepare(ParkingSql.Insert)
        .Set("subscription", message.Subscription)
        .Set("identity", ParkedRow.IdentityOf(message))
        .Set("partition", message.Partition)
        .Set("position", ParkedRow.PositionOf(message))
        .Set("state", (int)(message.State == ParkedState.Behind ? ParkedState.Scheduled : message.State))
        .Set("due", ParkedRow.DueOf(message, session))
        .Set("since", session.StoredNow)
        .Set("blocks", message.BlocksKey ? 1 : 0)
        .Set("head", message.Envelope.Key is null || message is { BlocksKey: false, State: not ParkedState.Dead } ? 1 : 0)
        .Set("parkedAt", StoredTime.From(message.ParkedAt))
        .Set("code", IndexedText.Of(StorableText.Show(message.Code)))
        .Set("reason", StorableText.Show(message.Reason))
        .Set("attempts", AttemptJson.Write(message.Attempts))
        .Set("rounds", message.Rounds)
        .SetEnvelope(message.Envelope)
        .Set("key", IndexedText.Of(message.Envelope.Key))
        .Set("longKey", IndexedText.IsLong(message.Envelope.Key) ? message.Envelope.Key : null)
        .QueueAsync(cancellation);
}
