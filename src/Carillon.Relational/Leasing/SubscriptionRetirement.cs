using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Removes a subscription with all that belongs to it, unless an instance of it is running.</summary>
internal sealed class SubscriptionRetirement(string service, string subscription) : WriteOperation<CarillonException?>
{
    /// <returns>Why it was not retired, or null when it was.</returns>
    public override async ValueTask<CarillonException?> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Topology, "", cancellation);
        var number = await session.Prepare(TopologySql.Find).Set("name", subscription).Set("service", service).NumberAsync(cancellation);
        if (number is null)
            return SubscriptionRefusal.NotFound(service, subscription);
        await session.LockAsync(LockScope.Leases, LeaseHolder.LockOf(number.Value), cancellation);
        if (await session.Prepare(TopologySql.Living).Set("subscription", number).Set("now", session.StoredNow).NumberAsync(cancellation) is not null)
            return SubscriptionRefusal.InUse(service, subscription);
        foreach (var sql in TopologySql.Remove)
            await session.Prepare(sql).Set("subscription", number).ExecuteAsync(cancellation);
        await ParkingRetirement.RemoveAsync(session, subscription, cancellation);
        return null;
    }
}
