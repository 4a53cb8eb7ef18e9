using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Sets messages aside, all or none. One that is there already stays as it is.</summary>
internal sealed class MessageParking(IReadOnlyList<ParkedMessage> messages) : WriteOperation<bool>
{
    public override long Size => messages.Sum(message => 1024L + message.Envelope.Body.Length);

    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        foreach (var subscription in messages.Select(message => message.Subscription).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            await session.LockAsync(LockScope.Parking, subscription, cancellation);
        var keys = new HashSet<(string Subscription, string Partition, string Key)>();
        foreach (var message in messages)
        {
            if (await InsertAsync(session, message, cancellation) && message.Envelope.Key is { } key)
                keys.Add((message.Subscription, message.Partition, key));
        }

        foreach (var (subscription, partition, key) in keys)
            await KeyOrder.RestoreAsync(session, subscription, partition, key, cancellation);
        session.Changed(DatabaseChange.Parking);
        return true;
    }

    private static async ValueTask<bool> InsertAsync(WriteSession session, ParkedMessage message, CancellationToken cancellation) => await session.Prepare(ParkingSql.Insert)
        .Set("subscription", message.Subscription)
        .Set("identity", ParkedRow.IdentityOf(message))
        .Set("partition", message.Partition)
        .Set("position", message.Position ?? ParkedRow.NoPosition)
        .Set("state", (int)message.State)
        .Set("due", session.Stored(message.Due))
        .Set("blocks", message.BlocksKey ? 1 : 0)
        .Set("waiting", message.Envelope.Key is null ? 0 : 1)
        .Set("parkedAt", StoredTime.From(message.ParkedAt))
        .Set("code", message.Code)
        .Set("reason", message.Reason)
        .Set("attempts", AttemptJson.Write(message.Attempts))
        .SetEnvelope(message.Envelope)
        .ExecuteAsync(cancellation) > 0;
}
