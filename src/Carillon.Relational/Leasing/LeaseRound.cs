using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// Renews an instance's membership and leases, frees what dead instances left, and takes its share of what is free. Each instance does
/// this for itself; together that gives every partition one reader, and every message one that can handle it (<see cref="PartitionSharing"/>).
/// </summary>
internal sealed class LeaseRound(LeaseHolder holder, IReadOnlyDictionary<int, long> held, TimeSpan leaseTime, DateTimeOffset asked) : WriteOperation<LeaseRoundResult>
{
    /// <summary>What this instance has met and is not written down yet.</summary>
    public IReadOnlyCollection<RoutedType> NewlyMet { get; init; } = [];

    public override async ValueTask<LeaseRoundResult> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Leases, holder.LockName, cancellation);
        var hasChanged = await RenewAsync(session, cancellation);
        // Who could not write may judge nobody by the time since: the others could not write either.
        var judged = Math.Min(session.StoredNow, StoredTime.From(asked));
        var gone = await On(session, LeasingSql.NoteGone).Set("instance", holder.Instance).Set("now", session.StoredNow).Set("judged", judged).ExecuteAsync(cancellation);
        await On(session, LeasingSql.ForgetGone).Set("before", StoredTime.From(session.Now - holder.UnhandledGrace)).ExecuteAsync(cancellation);
        hasChanged |= gone > 0 | await On(session, LeasingSql.FreeOrphans).ExecuteAsync(cancellation) > 0;
        foreach (var met in NewlyMet)
            hasChanged |= await Declarations.DeclareAsync(session, holder.Subscription, DeclarationKind.MetMessage, met.ToString(), cancellation);
        if (hasChanged)
            await AnnounceAsync(session, cancellation);
        return await ShareAsync(session, cancellation);
    }

    private async ValueTask<bool> RenewAsync(WriteSession session, CancellationToken cancellation)
    {
        var expires = StoredTime.From(session.Now + leaseTime);
        if (await session.Prepare(LeasingSql.Renew).Set("instance", holder.Instance).Set("expires", expires).ExecuteAsync(cancellation) > 0)
            return false;
        await session.Prepare(LeasingSql.Forget).Set("instance", holder.Instance).ExecuteAsync(cancellation);
        await On(session, LeasingSql.Join).Set("instance", holder.Instance).Set("process", holder.Process).Set("expires", expires)
            .Set("handles", holder.Handles.ToString()).Set("application", holder.Application.Name).Set("version", holder.Application.Version)
            .ExecuteAsync(cancellation);
        return true;
    }

    private async ValueTask<LeaseRoundResult> ShareAsync(WriteSession session, CancellationToken cancellation)
    {
        var places = await LookAsync(session, cancellation);
        var mine = places.Where(place => place.Shared.Owner == holder.Instance).ToDictionary(place => place.Partition, place => place.Fence);
        var lost = held.Where(lease => !mine.TryGetValue(lease.Key, out var fence) || fence != lease.Value).Select(lease => new Lease(lease.Key, lease.Value, 0)).ToList();
        // What a round took whose outcome never arrived is given back and taken anew, so that its fence grows.
        foreach (var (partition, fence) in mine.Where(lease => held.GetValueOrDefault(lease.Key, -1) != lease.Value))
        {
            await On(session, LeasingSql.Free).Set("partition", partition).Set("instance", holder.Instance).Set("fence", fence).ExecuteAsync(cancellation);
            places = [.. places.Select(place => place.Partition == partition ? place with { Shared = place.Shared with { Owner = null } } : place)];
        }

        var instances = await InstancesAsync(session, cancellation);
        var met = await MetAsync(session, cancellation);
        var share = PartitionSharing.Decide(holder.Instance, [.. instances.Select(instance => instance.Member)], met, [.. places.Select(place => place.Shared)]);
        var gained = new List<Lease>();
        foreach (var place in share.Take)
            gained.Add(await TakeAsync(session, places[place].Partition, cancellation) with { Wanted = places[place].Shared.Wanted });
        return new LeaseRoundResult(
            gained, lost, [.. share.GiveBack.Select(place => places[place].Partition)], await On(session, LeasingSql.Generation).NumberAsync(cancellation) ?? 0)
        {
            Others = [.. instances.Where(instance => instance.Member.Instance != holder.Instance)],
            Gone = await GoneAsync(session, cancellation),
            Met = met,
            StandsBy = share.StandsBy,
        };
    }

    private async ValueTask<List<(int Partition, long Fence, SharedPartition Shared)>> LookAsync(WriteSession session, CancellationToken cancellation)
    {
        var places = new List<(int, long, SharedPartition)>();
        await using var rows = await On(session, LeasingSql.Leases).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            places.Add(((int)rows.Number(0), rows.Number(2), new SharedPartition(rows.TextOrNull(1), rows.TextOrNull(3) is { } wanted ? RoutedType.Parse(wanted) : null)));
        return places;
    }

    private async ValueTask<List<LivingInstance>> InstancesAsync(WriteSession session, CancellationToken cancellation)
    {
        var instances = new List<LivingInstance>();
        await using var rows = await On(session, LeasingSql.Instances).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
        {
            instances.Add(new LivingInstance(
                new SubscriptionMember(rows.Text(0), HandledMessages.Parse(rows.Text(1))), new ApplicationIdentity(rows.Text(2), rows.Text(3))));
        }

        return instances;
    }

    private async ValueTask<List<HandledMessages>> GoneAsync(WriteSession session, CancellationToken cancellation)
    {
        var gone = new List<HandledMessages>();
        await using var rows = await On(session, LeasingSql.Gone).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            gone.Add(HandledMessages.Parse(rows.Text(0)));
        return gone;
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

    private async ValueTask AnnounceAsync(WriteSession session, CancellationToken cancellation)
    {
        await On(session, LeasingSql.NextGeneration).ExecuteAsync(cancellation);
        session.Changed(DatabaseChange.Leases);
    }

    private Statement On(WriteSession session, string sql) => session.Prepare(sql).Set("subscription", holder.Subscription);
}
