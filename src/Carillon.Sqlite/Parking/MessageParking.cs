using Carillon.Parking;

namespace Carillon.Sqlite;

/// <summary>Sets messages aside, all or none. One that is there already stays as it is.</summary>
internal sealed class MessageParking(IReadOnlyList<ParkedMessage> messages) : WriteOperation<bool>
{
    public override long Size => messages.Sum(message => 1024L + message.Envelope.Body.Length);

    public override bool Run(WriteSession session)
    {
        var keys = new HashSet<(string Subscription, string Key)>();
        foreach (var message in messages)
        {
            if (Insert(session, message) && message.Envelope.Key is { } key)
                keys.Add((message.Subscription, key));
        }

        foreach (var (subscription, key) in keys)
            KeyOrder.Restore(session, subscription, key);
        session.Changed(FileChange.Parking);
        return true;
    }

    private static bool Insert(WriteSession session, ParkedMessage message) => session.Prepare(ParkingSql.Insert)
        .Set("subscription", message.Subscription)
        .Set("identity", ParkedRow.IdentityOf(message))
        .Set("partition", message.Partition)
        .Set("position", message.Position)
        .Set("state", (int)message.State)
        .Set("due", StoredTime.From(message.Due))
        .Set("blocks", message.BlocksKey ? 1 : 0)
        .Set("waiting", message.Envelope.Key is null ? 0 : 1)
        .Set("parkedAt", StoredTime.From(message.ParkedAt))
        .Set("code", message.Code)
        .Set("reason", message.Reason)
        .Set("attempts", AttemptJson.Write(message.Attempts))
        .SetEnvelope(message.Envelope)
        .Execute() > 0;
}
