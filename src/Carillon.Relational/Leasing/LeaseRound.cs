namespace Carillon.Relational;

/// <summary>
/// One instance looks after its share: renews itself, frees what expired, takes what is free up to its fair share, and finds out what it
/// lost and what it has too much of.
/// </summary>
internal sealed class LeaseRound(LeaseHolder holder, IReadOnlyDictionary<int, long> held, int partitions, TimeSpan leaseTime, DateTimeOffset asked) : WriteOperation<LeaseRoundResult>
{
    public override async ValueTask<LeaseRoundResult> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Leases, holder.LockName, cancellation);
        var hasJoined = await RenewAsync(session, cancellation);
        // Who could not write may judge nobody by the time since: the others could not write either.
        var judged = Math.Min(session.StoredNow, StoredTime.From(asked));
        var expired = await On(session, LeasingSql.RemoveExpired).Set("instance", holder.Instance).Set("now", judged).ExecuteAsync(cancellation);
        if (expired > 0 && await On(session, LeasingSql.FreeClaims).ExecuteAsync(cancellation) > 0)
            session.Changed(DatabaseChange.Parking);
        var freed = await On(session, LeasingSql.FreeOrphans).ExecuteAsync(cancellation);
        if (hasJoined || expired > 0 || freed > 0)
            await AnnounceAsync(session, cancellation);
        var (mine, free) = await LookAsync(session, cancellation);
        var lost = held.Where(lease => !mine.TryGetValue(lease.Key, out var fence) || fence != lease.Value).Select(lease => new Lease(lease.Key, lease.Value, 0)).ToList();
        var kept = mine.Where(lease => held.TryGetValue(lease.Key, out var fence) && fence == lease.Value).Select(lease => lease.Key).Order().ToList();
        // What a round took whose outcome never arrived is given back and taken anew, so that its fence grows.
        foreach (var partition in mine.Keys.Except(kept))
        {
            await On(session, LeasingSql.Of(session).Release)
                .Set("partition", partition).Set("instance", holder.Instance).Set("fence", mine[partition]).Set("cursor", 0L).ExecuteAsync(cancellation);
            free.Add(partition);
        }

        var share = await ShareAsync(session, cancellation);
        var gained = new List<Lease>();
        foreach (var partition in free.Take(Math.Max(0, share - kept.Count)))
            gained.Add(await TakeAsync(session, partition, cancellation));
        return new LeaseRoundResult(gained, lost, kept.Skip(share).ToList(), await On(session, LeasingSql.Generation).NumberAsync(cancellation) ?? 0);
    }

    private async ValueTask<bool> RenewAsync(WriteSession session, CancellationToken cancellation)
    {
        var expires = StoredTime.From(session.Now + leaseTime);
        if (await session.Prepare(LeasingSql.Renew).Set("instance", holder.Instance).Set("expires", expires).ExecuteAsync(cancellation) > 0)
            return false;
        await On(session, LeasingSql.Join).Set("instance", holder.Instance).Set("process", holder.Process).Set("expires", expires).ExecuteAsync(cancellation);
        return true;
    }

    private async ValueTask<(Dictionary<int, long> Mine, List<int> Free)> LookAsync(WriteSession session, CancellationToken cancellation)
    {
        var mine = new Dictionary<int, long>();
        var free = new List<int>();
        await using var rows = await On(session, LeasingSql.Leases).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
        {
            var partition = (int)rows.Number(0);
            if (rows.IsNull(1))
                free.Add(partition);
            else if (rows.Text(1) == holder.Instance)
                mine.Add(partition, rows.Number(2));
        }

        return (mine, free);
    }

    private async ValueTask<int> ShareAsync(WriteSession session, CancellationToken cancellation)
    {
        var (count, index) = (0, 0);
        await using var rows = await On(session, LeasingSql.Instances).ReadAsync(cancellation);
        for (; await rows.NextAsync(cancellation); count++)
        {
            if (rows.Text(0) == holder.Instance)
                index = count;
        }

        return FairShare.Of(partitions, count, index);
    }

    private async ValueTask<Lease> TakeAsync(WriteSession session, int partition, CancellationToken cancellation)
    {
        await using var row = await On(session, LeasingSql.Take).Set("partition", partition).Set("instance", holder.Instance).ReadAsync(cancellation);
        await row.NextAsync(cancellation);
        return new Lease(partition, row.Number(0), row.Number(1));
    }

    private async ValueTask AnnounceAsync(WriteSession session, CancellationToken cancellation)
    {
        await On(session, LeasingSql.NextGeneration).ExecuteAsync(cancellation);
        session.Changed(DatabaseChange.Leases);
    }

    private Statement On(WriteSession session, string sql) => session.Prepare(sql).Set("subscription", holder.Subscription);
}
