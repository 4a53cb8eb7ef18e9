using Carillon.Diagnostics;
using Carillon.Durability;

namespace Carillon.Relational;

/// <summary>Writes cursors down, many movements at a time.</summary>
internal sealed class CursorWriter(Database database, OwnedPartitions owned, LeaseKeeper leases, Signal progress)
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a movement may wait that finished nothing but only passed by what others wanted.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private readonly LoopPatience _patience = new(database, "writing cursors");

    /// <summary>What fails, apart from outages of the database; null while it succeeds.</summary>
    public FailureState? Failure => _patience.Failure;

    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield();
        var seen = progress.Version;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await progress.WaitAsync(seen, Idle, database.Time, stopping);
                await Task.Delay(Gathering, database.Time, stopping);
                seen = progress.Version;
                await WriteAsync(stopping);
                _patience.Succeeded();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                await _patience.AfterFailureAsync(e, stopping);
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        var moved = owned.All
            .Select(partition => (Partition: partition, Cursor: partition.Unwritten()))
            .Where(move => move.Cursor is not null)
            .ToList();
        if (moved.Count == 0)
            return;
        Failpoint.Reach("cursor.writing");
        var rejected = await leases.MoveAsync([.. moved.Select(move => move.Cursor!.Value)], cancellation);
        foreach (var (partition, cursor) in moved.Where(move => rejected.All(lease => lease.Partition != move.Partition.Partition)))
            partition.Progress.Wrote(cursor!.Value.Cursor);
        Failpoint.Reach("cursor.written");
    }
}
