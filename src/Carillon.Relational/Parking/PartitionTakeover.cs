using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Gives partitions to their next owner. What earlier owners had claimed is free.</summary>
internal sealed class PartitionTakeover(string subscription, IReadOnlyCollection<AssignedPartition> partitions) : WriteOperation<IReadOnlyList<ParkingOwner>>
{
    public override async ValueTask<IReadOnlyList<ParkingOwner>> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var owners = new List<ParkingOwner>();
        foreach (var (partition, fence) in partitions.OrderBy(static assignment => assignment.Partition, StringComparer.Ordinal))
        {
            await ParkingAccess.LockAsync(session, subscription, partition, cancellation);
            var epoch = await session.Prepare(ParkingSql.TakeOver).Set("subscription", subscription).Set("partition", partition).Set("fence", fence).NumberAsync(cancellation);
            if (epoch is null)
                continue;
            var parked = await session.Prepare(ParkingSql.Last).NumberAsync(cancellation) ?? 0;
            owners.Add(new ParkingOwner(subscription, partition, epoch.Value) { ParkedUpTo = parked });
            await session.Prepare(ParkingSql.FreeClaims).Set("subscription", subscription).Set("partition", partition).ExecuteAsync(cancellation);
        }

        session.Changed(DatabaseChange.Parking);
        return owners;
    }
}
