using System.Text.Json;
using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Takes what is due: heads first, then as much of what is behind them as there is room for.</summary>
internal sealed class ClaimTaking(ParkingClaim claim, IReadOnlyList<ParkingOwner> owners) : WriteOperation<IReadOnlyList<ParkedMessage>>
{
    private readonly EnvelopeReader _envelopes = new();
    private long _bytes;

    public override async ValueTask<IReadOnlyList<ParkedMessage>> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        _bytes = 0;
        var heads = new List<ParkedMessage>();
        foreach (var owner in owners)
        {
            if (heads.Count < claim.Limit && await ParkingAccess.TryEnterAsync(session, owner, cancellation))
                await AddHeadsAsync(heads, session, owner, cancellation);
        }

        if (heads.Count == 0)
            return [];
        await session.Prepare(ParkingSql.Of(session).Claim)
            .Set("taken", JsonSerializer.Serialize([.. heads.Select(static head => head.Id)], ParkingJsonContext.Default.IReadOnlyListInt64)).ExecuteAsync(cancellation);
        var share = Math.Clamp(claim.Limit / heads.Count, 1, claim.LimitOfKey);
        if (share == 1)
            return heads;
        var taken = new List<ParkedMessage>(claim.Limit);
        foreach (var head in heads)
        {
            taken.Add(head);
            if (head is { BlocksKey: true, Envelope.Key: not null, Attempts.Count: 0 })
                await AddBehindAsync(taken, session, head, share - 1, cancellation);
        }

        return taken;
    }

    private async ValueTask AddHeadsAsync(List<ParkedMessage> heads, WriteSession session, ParkingOwner owner, CancellationToken cancellation)
    {
        var sql = ParkingSql.Of(session);
        await AddAsync(heads, session.Prepare(sql.Due).Set("now", session.StoredNow), owner, claim.Limit - heads.Count, cancellation);
        if (heads.Count < claim.Limit)
        {
            var ahead = session.Prepare(sql.Ahead).Set("now", session.StoredNow).Set("ahead", ParkingOutlook.Ahead(session.StoredNow));
            await AddAsync(heads, ahead, owner, claim.Limit - heads.Count, cancellation);
        }
    }

    private async ValueTask AddAsync(List<ParkedMessage> taken, Statement statement, ParkingOwner owner, int limit, CancellationToken cancellation)
    {
        await using var rows = await statement.Set("subscription", owner.Subscription).Set("partition", owner.Partition).Set("limit", limit).ReadAsync(cancellation);
        while (_bytes < claim.LimitBytes && await rows.NextAsync(cancellation))
            Add(taken, rows);
    }

    private async ValueTask AddBehindAsync(List<ParkedMessage> taken, WriteSession session, ParkedMessage head, int limit, CancellationToken cancellation)
    {
        await using var rows = await session.Prepare(ParkingSql.Of(session).Behind)
            .Set("subscription", head.Subscription).Set("partition", head.Partition).Set("key", IndexedText.Of(head.Envelope.Key))
            .Set("position", ParkedRow.PositionOf(head)).Set("parked", head.Id).Set("limit", limit)
            .Set("now", session.StoredNow).Set("ahead", ParkingOutlook.Ahead(session.StoredNow)).ReadAsync(cancellation);
        while (_bytes < claim.LimitBytes && taken[^1].Attempts.Count == 0 && await rows.NextAsync(cancellation) && rows.Number(rows.Columns - 1) == 1)
            Add(taken, rows);
    }

    private void Add(List<ParkedMessage> taken, Rows rows)
    {
        var message = ParkedRow.Read(rows, _envelopes);
        taken.Add(message);
        _bytes += ParkedMessageSize.Of(message);
    }
}
