namespace Carillon.Sqlite;

/// <summary>
/// One instance looks after its share: renews itself, frees what expired, takes what is free up to its fair share, and finds out what it
/// lost and what it has too much of.
/// </summary>
internal sealed class LeaseRound(LeaseHolder holder, IReadOnlyDictionary<int, long> held, int partitions, TimeSpan leaseTime) : WriteOperation<LeaseRoundResult>
{
    public override LeaseRoundResult Run(WriteSession session)
    {
        var hasJoined = Renew(session);
        var expired = On(session, LeasingSql.RemoveExpired).Set("instance", holder.Instance).Set("now", session.StoredNow).Execute();
        var freed = On(session, LeasingSql.FreeOrphans).Execute();
        if (hasJoined || expired > 0 || freed > 0)
            Announce(session);
        var (mine, free) = Look(session);
        var lost = held.Where(lease => !mine.TryGetValue(lease.Key, out var fence) || fence != lease.Value).Select(lease => new Lease(lease.Key, lease.Value, 0)).ToList();
        var kept = mine.Where(lease => held.TryGetValue(lease.Key, out var fence) && fence == lease.Value).Select(lease => lease.Key).Order().ToList();
        // What a round took whose outcome never arrived is given back and taken anew, so that its fence grows.
        foreach (var partition in mine.Keys.Except(kept))
        {
            On(session, LeasingSql.Release).Set("partition", partition).Set("instance", holder.Instance).Set("fence", mine[partition]).Set("cursor", 0).Execute();
            free.Add(partition);
        }

        var share = Share(session);
        var gained = free.Take(Math.Max(0, share - kept.Count)).Select(partition => Take(session, partition)).ToList();
        var surplus = kept.Skip(share).ToList();
        return new LeaseRoundResult(gained, lost, surplus, On(session, LeasingSql.Generation).Number() ?? 0);
    }

    private bool Renew(WriteSession session)
    {
        var expires = StoredTime.From(session.Now + leaseTime);
        if (session.Prepare(LeasingSql.Renew).Set("instance", holder.Instance).Set("expires", expires).Execute() > 0)
            return false;
        On(session, LeasingSql.Join).Set("instance", holder.Instance).Set("process", holder.Process).Set("expires", expires).Execute();
        return true;
    }

    private (Dictionary<int, long> Mine, List<int> Free) Look(WriteSession session)
    {
        var mine = new Dictionary<int, long>();
        var free = new List<int>();
        using var rows = On(session, LeasingSql.Leases).Read();
        while (rows.Read())
        {
            if (rows.IsDBNull(1))
                free.Add(rows.GetInt32(0));
            else if (rows.GetString(1) == holder.Instance)
                mine.Add(rows.GetInt32(0), rows.GetInt64(2));
        }

        return (mine, free);
    }

    private int Share(WriteSession session)
    {
        var (count, index) = (0, 0);
        using var rows = On(session, LeasingSql.Instances).Read();
        for (; rows.Read(); count++)
        {
            if (rows.GetString(0) == holder.Instance)
                index = count;
        }

        return FairShare.Of(partitions, count, index);
    }

    private Lease Take(WriteSession session, int partition)
    {
        using var row = On(session, LeasingSql.Take).Set("partition", partition).Set("instance", holder.Instance).Read();
        row.Read();
        return new Lease(partition, row.GetInt64(0), row.GetInt64(1));
    }

    private void Announce(WriteSession session)
    {
        On(session, LeasingSql.NextGeneration).Execute();
        session.Changed(FileChange.Leases);
    }

    private Statement On(WriteSession session, string sql) => session.Prepare(sql).Set("subscription", holder.Subscription);
}
