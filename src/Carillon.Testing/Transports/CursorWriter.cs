using Carillon.Testing.Logs;
using Carillon.Testing.Network;

namespace Carillon.Testing.Transports;

/// <summary>Writes down how far a receiver's partitions are finished, many at a time. Used by the receiver's loop only.</summary>
internal sealed class CursorWriter(ServerCalls server, SimulatedLog log, string subscription, ReceiverLeases leases, SimulatedTransportOptions options)
{
    private long _wroteAt;

    /// <summary>Whether there is something to write.</summary>
    public bool HasUnwritten => leases.Held.Any(partition => partition.FindUnwritten() is not null);

    /// <summary>Whether something has been waiting for long enough.</summary>
    public bool IsDue => HasUnwritten && server.Time.GetElapsedTime(_wroteAt) >= options.CursorInterval;

    /// <summary>Finishes messages before they are handed over, and asks until that is written down or the leases are over.</summary>
    /// <returns>Those of which it is certain that they are written down.</returns>
    public async ValueTask<SimulatedDelivery[]> SettleAsync(SimulatedDelivery[] deliveries, CancellationToken stopping)
    {
        foreach (var delivery in deliveries)
            delivery.FinishEarly();
        while (!leases.MayHaveRunOut)
        {
            HeldPartition[] partitions = [.. deliveries.Select(static delivery => delivery.Home).Distinct()];
            LeasedPlace[] places = [.. partitions.Select(static partition => partition.FindUnwritten()).OfType<LeasedPlace>()];
            try
            {
                // A clean stop waits for it: what is written down and not handed over is lost.
                var refused = await server.AskAsync(ServerOperation.MoveCursor, () => log.MoveCursors(subscription, leases.Instance, places), leases.TimeLeft, CancellationToken.None);
                foreach (var place in places)
                    partitions.First(partition => partition.Number == place.Partition).Wrote(place.Position);
                foreach (var number in refused)
                    leases.Lose(number);
                return [.. deliveries.Where(delivery => !refused.Contains(delivery.Home.Number))];
            }
            catch (Exception error) when (ServerCalls.IsLost(error))
            {
                if (stopping.IsCancellationRequested)
                    break;
                await server.PauseAsync(stopping);
            }
        }

        return [];
    }

    /// <summary>Writes what there is. Where the lease does not hold any more, the partition is lost.</summary>
    public async ValueTask WriteAsync(CancellationToken cancellation)
    {
        var moved = leases.Held.Select(partition => (Partition: partition, Place: partition.FindUnwritten())).Where(move => move.Place is not null).ToList();
        LeasedPlace[] places = [.. moved.Select(move => move.Place!.Value)];
        var refused = await server.AskAsync(
            ServerOperation.MoveCursor, () => log.MoveCursors(subscription, leases.Instance, places), leases.TimeLeft, cancellation);
        _wroteAt = server.Time.GetTimestamp();
        foreach (var (partition, place) in moved)
            partition.Wrote(place!.Value.Position);
        foreach (var number in refused)
            leases.Lose(number);
    }
}
