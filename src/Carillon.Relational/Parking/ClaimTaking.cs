using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Takes what is due. The numbers of the claims tell later whether they still hold.</summary>
internal sealed class ClaimTaking(ParkingClaim claim, string partitions, string process) : WriteOperation<IReadOnlyList<(ParkedMessage Message, long Claim)>>
{
    private const int BytesMax = 16 << 20;

    public override async ValueTask<IReadOnlyList<(ParkedMessage Message, long Claim)>> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Parking, claim.Subscription, cancellation);
        var taken = new List<(ParkedMessage Message, long Claim)>();
        foreach (var message in await DueAsync(session, cancellation))
        {
            var number = await session.Prepare(ParkingSql.Of(session).Claim)
                .Set("parked", message.Id).Set("owner", claim.Owner).Set("process", process)
                .Set("until", StoredTime.From(session.Now + claim.Lease)).Set("now", session.StoredNow).NumberAsync(cancellation);
            if (number is not null)
                taken.Add((message, number.Value));
        }

        return taken;
    }

    private async ValueTask<List<ParkedMessage>> DueAsync(WriteSession session, CancellationToken cancellation)
    {
        var bytes = 0;
        var due = new List<ParkedMessage>();
        var envelopes = new EnvelopeReader();
        await using var rows = await session.Prepare(ParkingSql.Of(session).SelectDue)
            .Set("subscription", claim.Subscription).Set("now", session.StoredNow).Set("partitions", partitions).Set("limit", claim.Limit).ReadAsync(cancellation);
        while (bytes < BytesMax && await rows.NextAsync(cancellation))
        {
            due.Add(ParkedRow.Read(rows, envelopes));
            bytes += due[^1].Envelope.Body.Length;
        }

        return due;
    }
}
