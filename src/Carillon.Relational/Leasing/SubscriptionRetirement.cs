using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// Removes a subscription with all that belongs to it, unless an instance of it is running. What it has set aside goes first, a piece at a time, and the subscription itself with
/// the last of these: until then it can be retired again.
/// </summary>
internal sealed class SubscriptionRetirement(string service, string subscription, int limit) : WriteOperation<RetirementStep>
{
    public override async ValueTask<RetirementStep> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Topology, "", cancellation);
        var number = await session.Prepare(TopologySql.Find).Set("name", subscription).Set("service", service).NumberAsync(cancellation);
        if (number is null)
            return new RetirementStep(IsLast: true, SubscriptionRefusal.NotFound(service, subscription));
        await session.LockAsync(LockScope.Leases, LeaseHolder.LockOf(number.Value), cancellation);
        if (await session.Prepare(TopologySql.Living).Set("subscription", number).Set("now", session.StoredNow).NumberAsync(cancellation) is not null)
            return new RetirementStep(IsLast: true, SubscriptionRefusal.InUse(service, subscription));
        if (!await ParkingRetirement.RemoveAsync(session, subscription, limit, cancellation))
            return new RetirementStep(IsLast: false, Refusal: null);
        foreach (var sql in TopologySql.Remove)
            await session.Prepare(sql).Set("subscription", number).ExecuteAsync(cancellation);
        return new RetirementStep(IsLast: true, Refusal: null);
    }
}
