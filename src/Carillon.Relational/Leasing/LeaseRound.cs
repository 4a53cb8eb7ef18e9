using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// Renews an instance's membership and leases, frees what dead instances left, and takes its share of what is free. Each instance does
/// this for itself; together that gives every partition one reader, and every message one that can handle it (<see cref="PartitionSharing"/>).
/// </summary>
internal sealed class LeaseRound(LeaseHolder holder, IReadOnlyDictionary<int, long> held, TimeSpan leaseTime, InstanceWatch watch) : WriteOperation<LeaseRoundResult>
{
    /// <summary>What this instance has met and is not written down yet.</summary>
    public IReadOnlyCollection<RoutedType> NewlyMet { get; init; } = [];

    public override async ValueTask<LeaseRoundResult> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Leases, holder.LockName, cancellation);
        var hasChanged = await RenewAsync(session, cancellation);
        var instances = await InstancesAsync(session, cancellation);
        hasChanged |= await NoteGoneAsync(session, instances, cancellation);
        var places = await LookAsync(session, cancellation);
        hasChanged |= await FreeOrphansAsync(session, instances, places, cancellation);
        foreach (var met in NewlyMet)
            hasChanged |= await Declarations.DeclareAsync(session, holder.Subscription, DeclarationKind.MetMessage, met.ToString(), cancellation);
        if (hasChanged)
            await LeaseRelease.AnnounceAsync(session, holder, cancellation);
        return await ShareAsync(session, instances, places, cancellation);
    }

    private async ValueTask<bool> RenewAsync(WriteSession session, CancellationToken cancellation)
    {
        var expires = StoredTime.From(session.Now + leaseTime);
        if (await session.Prepare(LeasingSql.Renew).Set("instance", holder.Instance).Set("expires", expires).ExecuteAsync(cancellation) > 0)
            return false;
        await session.Prepare(LeasingSql.Forget).Set("instance", holder.Instance).ExecuteAsync(cancellation);
        await On(session, LeasingSql.Join).Set("instance", holder.Instance).Set("process", holder.Process).Set("expires", expires).Set("lease", leaseTime.Ticks)
            .Set("handles", holder.Handles.ToString()).Set("application", holder.Application.Name).Set("version", holder.Application.Version)
            .ExecuteAsync(cancellation);
        return true;
    }

    /// <summary>Takes note of who has gone or died, and forgets those whose time is over. In the list they are as they are afterwards.</summary>
    private async ValueTask<bool> NoteGoneAsync(WriteSession session, List<StoredInstance> instances, CancellationToken cancellation)
    {
        var isAnyGone = false;
        var others = instances.Where(instance => instance.Gone is null && instance.Name != holder.Instance);
        var gone = watch.FindDead(others, session.StoredNow).Concat(instances.Where(static instance => instance.Gone == 0)).ToList();
        foreach (var instance in gone)
        {
            // Who has renewed in this very moment lives.
            if (await session.Prepare(LeasingSql.NoteGone).Set("instance", instance.Name).Set("expires", instance.Expires).Set("now", session.StoredNow).ExecuteAsync(cancellation) == 0)
                continue;
            instances[instances.IndexOf(instance)] = instance with { Gone = session.StoredNow };
            isAnyGone = true;
        }

        var before = StoredTime.From(session.Now - holder.UnhandledGrace);
        foreach (var instance in instances.Where(instance => instance.Gone > 0 && instance.Gone <= before).ToList())
        {
            await session.Prepare(LeasingSql.Forget).Set("instance", instance.Name).ExecuteAsync(cancellation);
            instances.Remove(instance);
        }

        return isAnyGone;
    }

    /// <summary>Frees what belongs to nobody that lives. In the list it is as it is afterwards.</summary>
    private async ValueTask<bool> FreeOrphansAsync(
        WriteSession session, List<StoredInstance> instances, List<StoredLease> places, CancellationToken cancellation)
    {
        var living = instances.Where(static instance => instance.Gone is null).Select(static instance => instance.Name).ToHashSet(StringComparer.Ordinal);
        if (places.TrueForAll(place => place.Shared.Owner is not { } owner || living.Contains(owner)))
            return false;
        var freed = await On(session, LeasingSql.FreeOrphans).ExecuteAsync(cancellation);
        places.Clear();
        places.AddRange(await LookAsync(session, cancellation));
        return freed > 0;
    }

    private async ValueTask<LeaseRoundResult> ShareAsync(
        WriteSession session, List<StoredInstance> instances, List<StoredLease> places, CancellationToken cancellation)
    {
        var mine = places.Where(place => place.Shared.Owner == holder.Instance).ToDictionary(static place => place.Partition, static place => place.Fence);
        var lost = held.Where(lease => !mine.TryGetValue(lease.Key, out var fence) || fence != lease.Value).Select(static lease => new Lease(lease.Key, lease.Value, 0)).ToList();
        await FreeUnconfirmedAsync(session, places, cancellation);
        var met = await MetAsync(session, cancellation);
        var share = PartitionSharing.Decide(
            holder.Instance, [.. instances.Where(static instance => instance.TakesPart).Select(static instance => instance.Member)], met, [.. places.Select(place => place.Shared)]);
        var gained = new List<Lease>();
        foreach (var index in share.Take)
            gained.Add(await TakeAsync(session, places[index].Partition, cancellation) with { Wanted = places[index].Shared.Wanted });
        return new LeaseRoundResult(
            gained, lost, [.. share.GiveBack.Select(index => places[index].Partition)], await On(session, LeasingSql.Generation).NumberAsync(cancellation) ?? 0)
        {
            Others = [.. instances.Where(instance => instance.TakesPart && instance.Name != holder.Instance)],
            Gone = [.. instances.Where(static instance => !instance.TakesPart).Select(static instance => instance.Member.Handles)],
            Met = met,
            StandsBy = share.StandsBy,
        };
    }

    /// <summary>Gives back what a round took whose outcome never arrived. It is taken anew, so that its fence grows. In the list it is as it is afterwards.</summary>
    private async ValueTask FreeUnconfirmedAsync(WriteSession session, List<StoredLease> places, CancellationToken cancellation)
    {
        for (var index = 0; index < places.Count; index++)
        {
            var (partition, fence, shared) = places[index];
            if (shared.Owner != holder.Instance || held.GetValueOrDefault(partition, -1) == fence)
                continue;
            await On(session, LeasingSql.Free).Set("partition", partition).Set("instance", holder.Instance).Set("fence", fence).ExecuteAsync(cancellation);
            places[index] = places[index] with { Shared = shared with { Owner = null } };
        }
    }

    private async ValueTask<List<StoredLease>> LookAsync(WriteSession session, CancellationToken cancellation)
    {
        var places = new List<StoredLease>();
        await using var rows = await On(session, LeasingSql.Leases).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            places.Add(new StoredLease((int)rows.Number(0), rows.Number(2), new SharedPartition(rows.TextOrNull(1), rows.TextOrNull(3) is { } wanted ? RoutedType.Parse(wanted) : null)));
        return places;
    }

    private async ValueTask<List<StoredInstance>> InstancesAsync(WriteSession session, CancellationToken cancellation)
    {
        var instances = new List<StoredInstance>();
        await using var rows = await On(session, LeasingSql.Instances).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
        {
            instances.Add(new StoredInstance(
                new SubscriptionMember(rows.Text(0), HandledMessages.Parse(rows.Text(1))), new ApplicationIdentity(rows.Text(2), rows.Text(3)),
                rows.Number(4), TimeSpan.FromTicks(rows.Number(5)))
            {
                IsDeparting = rows.Number(6) != 0,
                Gone = rows.NumberOrNull(7),
            });
        }

        return instances;
    }

    private async ValueTask<List<RoutedType>> MetAsync(WriteSession session, CancellationToken cancellation)
    {
        var met = new List<RoutedType>();
        await using var rows = await On(session, DeclarationSql.MetMessages).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            met.Add(RoutedType.Parse(rows.Text(0)));
        return met;
    }

    private async ValueTask<Lease> TakeAsync(WriteSession session, int partition, CancellationToken cancellation)
    {
        Lease lease;
        bool isNoted;
        await using (var row = await On(session, LeasingSql.Take).Set("partition", partition).Set("instance", holder.Instance).ReadAsync(cancellation))
        {
            await row.NextAsync(cancellation);
            lease = new Lease(partition, row.Number(0), row.Number(1)) { IsFromTheDead = row.Number(2) != 0, Finished = PositionRanges.Parse(row.TextOrNull(3)) };
            isNoted = row.Number(2) >= 0;
        }

        if (!isNoted)
            await NoteUncleanAsync(session, lease, cancellation);
        return lease;
    }

    private async ValueTask NoteUncleanAsync(WriteSession session, Lease lease, CancellationToken cancellation)
    {
        var head = await session.Prepare(session.Dialect.Head(holder.Log)).Set("partition", lease.Partition).NumberAsync(cancellation) ?? 0;
        await On(session, LeasingSql.NoteUnclean).Set("partition", lease.Partition).Set("instance", holder.Instance).Set("fence", lease.Fence)
            .Set("unclean", Math.Max(head, lease.Cursor) + 1).ExecuteAsync(cancellation);
    }

    private Statement On(WriteSession session, string sql) => session.Prepare(sql).Set("subscription", holder.Subscription);
}
