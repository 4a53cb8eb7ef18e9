using System.Runtime.InteropServices;
using Carillon.Diagnostics;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Acts on changes of leases and hands messages over when there is room for them. The only one that calls the sink.</summary>
internal sealed class DeliveryLoop(
    Database database, string subscription, LogReader reader, OwnedPartitions owned, LeaseKeeper leases, SubscriptionRoster roster, Signal wake, EarlySettlement? early, Action drained) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly LoopPatience _patience = new(database, $"receiving for {subscription}");
    private readonly PartitionHandovers<OwnedPartition> _handovers = new(database.LeaseTime, database.Time, drained);
    private CancellationTokenSource _interruption = new();

    /// <summary>What fails, apart from outages of the database; null while it succeeds.</summary>
    public FailureState? Failure => early?.Failure ?? _patience.Failure;

    /// <summary>Ends a wait for room: there is something more urgent.</summary>
    public void Interrupt()
    {
        CancellationTokenSource interruption;
        lock (_lock)
            interruption = _interruption;
        interruption.Cancel();
    }

    public async Task RunAsync(IDeliverySink sink, CancellationToken stopping)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await StepAsync(sink, stopping);
                _patience.Succeeded();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                await reader.ResetAsync();
                await _patience.AfterFailureAsync(e, stopping);
            }
        }
    }

    /// <summary>Ends at once what goes on by the right of leases that are over, whatever the loop waits for.</summary>
    public void End(IDeliverySink sink, IReadOnlyList<Lease> leases)
    {
        foreach (var lease in leases)
        {
            if (owned.Find(lease.Partition) is { } partition && partition.Fence == lease.Fence)
                partition.Close();
        }

        sink.Lose([.. leases.Select(static lease => lease.ToAssignment())]);
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    private async Task StepAsync(IDeliverySink sink, CancellationToken stopping)
    {
        var seen = wake.Version;
        Rearm(stopping);
        await FollowLeasesAsync(sink, stopping);
        StepAside(sink);
        await GiveBackAsync(stopping);
        if (!leases.IsValid || roster.Unreported.Count > 0)
            await leases.RoundAsync(stopping);
        else if (!await reader.HasMoreAsync(stopping))
            await wake.WaitAsync(seen, stopping);
        else if (reader.Generation != leases.Generation)
            await leases.RoundAsync(stopping);
        else if (await WaitForRoomAsync(sink, stopping) is > 0 and var room && leases.IsValid)
            await DeliverAsync(sink, room, stopping);
    }

    private async ValueTask DeliverAsync(IDeliverySink sink, int room, CancellationToken stopping)
    {
        // Looked up again: leases may have moved while there was no room.
        if (leases.Peek() is not null)
            return;
        // What is finished at once fills nobody's room, and nothing may be left behind that a cursor could not pass.
        var batch = await reader.ReadAsync(room, early is null ? sink.Room : DeliveryRoom.Unlimited, stopping);
        if (leases.IsValid && leases.Peek() is not { Kind: LeaseChangeKind.Lost })
        {
            if (early is not null && batch.Count > 0)
                await early.SettleAsync(batch, stopping);
            if (batch.Count > 0)
                sink.Deliver(CollectionsMarshal.AsSpan(batch));
            return;
        }

        // While it was read, somebody else may have begun with it.
        foreach (var delivery in batch)
            delivery.Return();
    }

    private async Task<int> WaitForRoomAsync(IDeliverySink sink, CancellationToken stopping)
    {
        try
        {
            return await sink.WaitForRoomAsync(_interruption.Token);
        }
        catch (OperationCanceledException) when (_interruption.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return 0;
        }
    }

    private async Task FollowLeasesAsync(IDeliverySink sink, CancellationToken stopping)
    {
        while (leases.Peek() is { } change)
        {
            await FollowAsync(sink, change, stopping);
            leases.Done();
        }
    }

    private async Task FollowAsync(IDeliverySink sink, LeaseChange change, CancellationToken stopping)
    {
        int[] partitions = [.. change.Leases.Select(static lease => lease.Partition)];
        AssignedPartition[] assignments = [.. change.Leases.Select(static lease => lease.ToAssignment())];
        switch (change.Kind)
        {
            case LeaseChangeKind.Gained:
                await sink.AssignAsync(assignments, stopping);
                owned.Add(change.Leases);
                database.Logger.PartitionsGained(subscription, string.Join(", ", partitions));
                break;
            case LeaseChangeKind.Lost:
                database.Logger.PartitionsLost(subscription, string.Join(", ", partitions));
                Close(partitions);
                sink.Lose(assignments);
                break;
            default:
                GiveUp(sink, partitions.Select(owned.Find).OfType<OwnedPartition>());
                break;
        }
    }

    /// <summary>Gives back the partitions whose next message is for another instance.</summary>
    private void StepAside(IDeliverySink sink)
    {
        var done = new List<OwnedPartition>();
        foreach (var partition in owned.All)
        {
            if (_handovers.IsLeaving(partition) || partition.Progress.Wanted is not { } type)
                continue;
            if (!roster.IsHandledElsewhere(type))
                partition.Progress.ReadOn();
            else if (partition.Progress.IsDone)
                done.Add(partition);
        }

        if (done.Count == 0)
            return;
        database.Logger.SteppedAside(subscription, string.Join(", ", done.Select(partition => $"{partition.Partition}: {partition.Progress.Wanted}")));
        foreach (var partition in done)
            _handovers.BeginStepAside(sink, partition, partition.Assignment, partition.Progress);
    }

    private void GiveUp(IDeliverySink sink, IEnumerable<OwnedPartition> partitions)
    {
        foreach (var partition in partitions)
            _handovers.Begin(sink, partition, partition.Assignment, partition.Progress);
    }

    /// <summary>Gives back what is to go to others and nobody works on any more.</summary>
    private async Task GiveBackAsync(CancellationToken stopping)
    {
        var drained = _handovers.Drained;
        if (drained.Count == 0)
            return;
        var leaving = drained.Where(IsOwned).ToList();
        if (leaving.Count > 0)
            await leases.ReleaseAsync([.. leaving.Select(static partition => partition.Close())], stopping);
        Close([.. leaving.Select(static partition => partition.Partition)]);
        foreach (var partition in drained)
            _handovers.End(partition);
    }

    private bool IsOwned(OwnedPartition partition) => owned.Find(partition.Partition) == partition;

    private void Close(int[] partitions)
    {
        foreach (var partition in owned.Remove(partitions))
            partition.Close();
    }

    private void Rearm(CancellationToken stopping)
    {
        lock (_lock)
        {
            if (!_interruption.IsCancellationRequested)
                return;
            _interruption = new CancellationTokenSource();
        }

        stopping.ThrowIfCancellationRequested();
    }
}
