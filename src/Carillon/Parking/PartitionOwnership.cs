using System.Collections.Concurrent;
using Carillon.Diagnostics;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Parking;

/// <summary>
/// The partitions of one subscription about whose parked messages this instance may write, by which right, and which of their keys are held up. What is
/// refused because a partition has another owner is not tried again, and nothing of the partition is handled any more until it is this instance's again.
/// </summary>
/// <param name="subscription">The subscription.</param>
/// <param name="store">The store of the parked messages.</param>
/// <param name="handles">What this instance can handle.</param>
/// <param name="writing">What writes to the store; those that write to the same one share it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is said.</param>
internal sealed class PartitionOwnership(string subscription, IParkingStore store, HandledMessages handles, RecurringFailure writing, TimeProvider time, ILogger logger)
{
    private const int PageSize = 1_000;
    private const int MostRefusals = 3;
    private static readonly TimeSpan RegainPause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, AssignedPartition> _assigned = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ParkingOwner> _owners = new(StringComparer.Ordinal);
    private volatile Task _renewal = Task.CompletedTask;

    /// <summary>What this instance can handle.</summary>
    public HandledMessages Handles => handles;

    /// <summary>The keys that are held up.</summary>
    public HeldUpKeys HeldUp { get; } = new();

    /// <summary>What waits for an instance that can handle it.</summary>
    public WaitingTypes Waiting { get; } = new();

    /// <summary>What the transport delivers although it is parked.</summary>
    public ParkedCopies Copies { get; } = new();

    /// <summary>The partitions that this instance may write to.</summary>
    public IReadOnlyCollection<ParkingOwner> Owners => [.. _owners.Values];

    /// <summary>The partitions that are this instance's, as the transport says.</summary>
    public IReadOnlyCollection<AssignedPartition> Assigned => [.. _assigned.Values];

    /// <summary>Partitions are this instance's from now on.</summary>
    public void Assign(IReadOnlyCollection<AssignedPartition> partitions)
    {
        foreach (var assignment in partitions)
            _assigned[assignment.Partition] = assignment;
    }

    /// <summary>Whether an assignment still holds.</summary>
    public bool IsAssigned(AssignedPartition assignment) => _assigned.TryGetValue(assignment.Partition, out var present) && present.Fence == assignment.Fence;

    /// <summary>The assignments that end with others of the same partitions.</summary>
    public IReadOnlyCollection<AssignedPartition> FindReplaced(IReadOnlyCollection<AssignedPartition> partitions) =>
        [.. _assigned.Values.Where(present => partitions.Any(assignment => assignment.Partition == present.Partition && assignment.Fence != present.Fence))];

    /// <summary>Takes partitions over that are this instance's, and learns which of their keys are held up.</summary>
    public async ValueTask TakeOverAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation)
    {
        var owners = await store.TakeOverAsync(subscription, partitions, cancellation);
        foreach (var owner in owners)
        {
            var assignment = partitions.First(assignment => assignment.Partition == owner.Partition);
            if (!IsAssigned(assignment))
                continue;
            HeldUp.Open(owner.Partition);
            Copies.Open(assignment, owner.ParkedUpTo);

            // What waited for an instance like this one comes first: before anything of its keys is delivered.
            var present = await ReviveAsync(owner, assignment, cancellation);
            await LoadAsync(present, cancellation);
            Own(present, assignment);
        }

        foreach (var (partition, _) in partitions.Where(assignment => owners.All(owner => owner.Partition != assignment.Partition)))
            DeadLetterLog.TakenOver(logger, subscription, partition);
    }

    /// <summary>Becomes the owner of its partitions once more: what was claimed for this instance without its knowledge is free by that.</summary>
    public async ValueTask RenewAsync(CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource();
        _renewal = ended.Task;
        try
        {
            await TakeOverAgainAsync(cancellation);
        }
        finally
        {
            ended.SetResult();
        }
    }

    /// <summary>Partitions are not this instance's any more, unless they have been assigned anew.</summary>
    public void Forget(IReadOnlyCollection<AssignedPartition> partitions)
    {
        foreach (var (partition, _) in partitions.Where(IsAssigned))
        {
            _assigned.TryRemove(partition, out _);
            _owners.TryRemove(partition, out _);
            HeldUp.Close(partition);
            Waiting.Close(partition);
            Copies.Close(partition);
        }
    }

    /// <summary>Whether an owner still is the one by whose right this instance writes.</summary>
    public bool IsOwner(ParkingOwner owner) => _owners.TryGetValue(owner.Partition, out var known) && known == owner;

    /// <summary>The right to write about a partition.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.PartitionTakenOver"/>: it is not this instance's any more.</exception>
    public ParkingOwner OwnerOf(string partition) =>
        _owners.TryGetValue(partition, out var owner) ? owner : throw PartitionTakenOver.Refuse(new ParkingOwner(subscription, partition, 0));

    /// <summary>The store has refused an owner.</summary>
    /// <returns>Whether this instance writes by another right meanwhile; otherwise the partition is lost.</returns>
    public async ValueTask<bool> IsReplacedAsync(ParkingOwner refused)
    {
        // It may be this instance itself that takes it over once more.
        await _renewal;
        if (_owners.TryGetValue(refused.Partition, out var present) && present != refused)
            return true;
        if (_owners.TryRemove(KeyValuePair.Create(refused.Partition, refused)))
            DeadLetterLog.TakenOver(logger, subscription, refused.Partition);
        return false;
    }

    /// <summary>
    /// Waits until a partition that was taken over is this instance's again, or the transport says that it is not. While the store cannot be reached it tries again.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="patience">Cancelled when the transport takes it away. That ends the wait and is no error.</param>
    public async ValueTask RegainAsync(string partition, CancellationToken patience)
    {
        try
        {
            while (!_owners.ContainsKey(partition))
            {
                await Task.Delay(RegainPause, time, patience);
                if (!_owners.ContainsKey(partition) && _assigned.TryGetValue(partition, out var assignment))
                    await TryTakeOverAsync(assignment, patience);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // The lane was taken away: the caller looks at it.
        }
    }

    /// <summary>Learns of replays.</summary>
    public void Learn(IReadOnlyList<ReplayedKey> replays)
    {
        foreach (var (partition, key, number) in replays)
            HeldUp.Add(partition, key, number);
    }

    private async ValueTask TakeOverAgainAsync(CancellationToken cancellation)
    {
        AssignedPartition[] owned = [.. _assigned.Values.Where(assignment => _owners.ContainsKey(assignment.Partition))];
        foreach (var owner in await store.TakeOverAsync(subscription, owned, cancellation))
            Own(owner, owned.First(assignment => assignment.Partition == owner.Partition));
    }

    private async ValueTask TryTakeOverAsync(AssignedPartition assignment, CancellationToken patience)
    {
        try
        {
            await TakeOverAsync([assignment], patience);
            if (writing.Succeeded() is { } over)
                DeadLetterLog.StoreAgain(logger, subscription, over.Over);
        }
        catch (Exception error) when (error is not OperationCanceledException || !patience.IsCancellationRequested)
        {
            if (writing.Failed(error) is { } notice)
                DeadLetterLog.TakeOverFailed(logger, assignment.Partition, subscription, notice.While, error);
        }
    }

    /// <summary>Makes due what waited for this instance. A takeover of its own that comes late counts as another one: then it takes over once more.</summary>
    private async ValueTask<ParkingOwner> ReviveAsync(ParkingOwner owner, AssignedPartition assignment, CancellationToken cancellation)
    {
        for (var refusals = 0; ; refusals++)
        {
            try
            {
                Waiting.Open(owner.Partition, await store.ReviveAsync(owner, handles, cancellation));
                return owner;
            }
            catch (CarillonException refusal) when (PartitionTakenOver.Says(refusal))
            {
                if (refusals == MostRefusals || !IsAssigned(assignment))
                    return owner;
                if (await store.TakeOverAsync(subscription, [assignment], cancellation) is not [var again])
                    return owner;
                owner = again;
            }
        }
    }

    // What was taken away meanwhile stays away, and of two takeovers the later one counts.
    private void Own(ParkingOwner owner, AssignedPartition assignment)
    {
        if (IsAssigned(assignment))
            _owners.AddOrUpdate(owner.Partition, owner, (_, known) => known.Epoch > owner.Epoch ? known : owner);
    }

    private async ValueTask LoadAsync(ParkingOwner owner, CancellationToken cancellation)
    {
        IReadOnlyList<string> page;
        string? last = null;
        do
        {
            page = await store.ReadHeldUpAsync(owner, last, PageSize, cancellation);
            foreach (var key in page)
                HeldUp.Add(owner.Partition, last = key);
        }
        while (page.Count == PageSize);
    }
}
