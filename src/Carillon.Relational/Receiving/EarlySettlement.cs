using Carillon.Diagnostics;
using Carillon.Durability;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Writes down that messages are finished before they are handed over, for subscriptions that are handled at most once.</summary>
internal sealed class EarlySettlement(Database database, string subscription, OwnedPartitions owned, LeaseKeeper leases)
{
    private readonly LoopPatience _patience = new(database, $"writing down what is to be handed over to {subscription}");

    /// <summary>What fails, apart from outages of the database; null while it succeeds.</summary>
    public FailureState? Failure => _patience.Failure;

    /// <summary>Finishes messages, and waits until that is written down.</summary>
    /// <param name="batch">The messages. Those of partitions that are another's by now, or of which nobody knows whether they are written down, are taken out.</param>
    /// <param name="stopping">Nothing is tried again.</param>
    public async Task SettleAsync(List<Delivery> batch, CancellationToken stopping)
    {
        var partitions = batch.Select(delivery => owned.All.FirstOrDefault(partition => partition.Name == delivery.Partition)).OfType<OwnedPartition>().Distinct().ToList();
        foreach (var delivery in batch)
            ((LogDelivery)delivery).FinishEarly();
        var written = await WriteAsync(partitions, stopping);
        foreach (var delivery in batch.Where(delivery => !written.Contains(delivery.Partition)))
            delivery.Acknowledge();
        batch.RemoveAll(delivery => !written.Contains(delivery.Partition));
    }

    /// <returns>The names of the partitions whose cursors are written down.</returns>
    private async Task<IReadOnlySet<string>> WriteAsync(List<OwnedPartition> partitions, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                // What is another's by now has no cursor here any more.
                OwnedPartition[] present = [.. partitions.Where(static partition => !partition.Progress.IsClosed)];
                var cursors = present.Select(static partition => partition.Unwritten()).OfType<Lease>().ToList();
                Failpoint.Reach("cursor.writing");
                // A clean stop waits for it: what is written down and not handed over is lost.
                var rejected = cursors.Count > 0 ? await leases.MoveAsync(cursors, CancellationToken.None) : [];
                Failpoint.Reach("cursor.written");
                _patience.Succeeded();
                OwnedPartition[] written = [.. present.Where(partition => rejected.All(lease => lease.Partition != partition.Partition))];
                Wrote(written, cursors);
                // Where the lease is over by now, another may have begun with what follows.
                return written.Where(static partition => !partition.Progress.IsClosed).Select(static partition => partition.Name).ToHashSet(StringComparer.Ordinal);
            }
            catch (Exception error)
            {
                if (stopping.IsCancellationRequested)
                    return new HashSet<string>();
                await _patience.AfterFailureAsync(error, stopping);
            }
        }
    }

    private static void Wrote(OwnedPartition[] partitions, List<Lease> cursors)
    {
        foreach (var cursor in cursors)
            Array.Find(partitions, partition => partition.Partition == cursor.Partition)?.Progress.Wrote(cursor.Cursor);
    }
}
