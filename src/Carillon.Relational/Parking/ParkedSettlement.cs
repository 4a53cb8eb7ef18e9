using System.Text.Json;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Removes what is finished and writes down what became of one that failed. Null when the partition has another owner.</summary>
internal sealed class ParkedSettlement(ParkingOwner owner, IReadOnlyList<long> finished, ParkedMessage? failed) : WriteOperation<ParkingAnswer?>
{
    public override long Size => 1024 + (64L * finished.Count);

    public override async ValueTask<ParkingAnswer?> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        if (!await ParkingAccess.TryEnterAsync(session, owner, cancellation))
            return null;
        var keys = new HashSet<string?>(StringComparer.Ordinal);
        if (finished.Count > 0)
            await CollectAsync(Finish(session), keys, cancellation);
        if (failed is not null)
            await CollectAsync(Update(session, failed), keys, cancellation);
        return await KeyOrder.AnswerAsync(session, owner, keys, cancellation);
    }

    private static async ValueTask CollectAsync(Statement statement, HashSet<string?> keys, CancellationToken cancellation)
    {
        await using var rows = await statement.ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            keys.Add(rows.TextOrNull(0));
    }

    private Statement Finish(WriteSession session) => OfOwner(session.Prepare(ParkingSql.Of(session).Finish))
        .Set("finished", JsonSerializer.Serialize(finished, ParkingJsonContext.Default.IReadOnlyListInt64));

    private Statement Update(WriteSession session, ParkedMessage message) => OfOwner(session.Prepare(ParkingSql.Update))
        .Set("parked", message.Id)
        .Set("state", (int)message.State)
        .Set("due", ParkedRow.DueOf(message, session))
        .Set("since", session.StoredNow)
        .Set("blocks", message.BlocksKey ? 1 : 0)
        .Set("code", IndexedText.Of(StorableText.Show(message.Code)))
        .Set("reason", StorableText.Show(message.Reason))
        .Set("attempts", AttemptJson.Write(message.Attempts))
        .Set("rounds", message.Rounds);

    private Statement OfOwner(Statement statement) => statement.Set("subscription", owner.Subscription).Set("partition", owner.Partition);
}
