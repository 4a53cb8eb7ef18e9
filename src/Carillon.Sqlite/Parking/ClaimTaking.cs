using Carillon.Parking;

namespace Carillon.Sqlite;

/// <summary>Takes what is due. The numbers of the claims tell later whether they still hold.</summary>
internal sealed class ClaimTaking(ParkingClaim claim, string partitions, string process) : WriteOperation<IReadOnlyList<(ParkedMessage Message, long Claim)>>
{
    private const int BytesMax = 16 << 20;

    public override IReadOnlyList<(ParkedMessage Message, long Claim)> Run(WriteSession session)
    {
        var taken = new List<(ParkedMessage Message, long Claim)>();
        foreach (var message in Due(session))
        {
            var number = session.Prepare(ParkingSql.Claim)
                .Set("parked", message.Id).Set("owner", claim.Owner).Set("process", process)
                .Set("until", StoredTime.From(session.Now + claim.Lease)).Set("now", session.StoredNow).Number();
            if (number is not null)
                taken.Add((message, number.Value));
        }

        return taken;
    }

    private List<ParkedMessage> Due(WriteSession session)
    {
        var bytes = 0;
        var due = new List<ParkedMessage>();
        var envelopes = new EnvelopeReader();
        using var rows = session.Prepare(ParkingSql.SelectDue)
            .Set("subscription", claim.Subscription).Set("now", session.StoredNow).Set("partitions", partitions).Set("limit", claim.Limit).Read();
        while (bytes < BytesMax && rows.Read())
        {
            due.Add(ParkedRow.Read(rows, envelopes));
            bytes += due[^1].Envelope.Body.Length;
        }

        return due;
    }
}
