using System.Diagnostics.CodeAnalysis;
using Carillon.Diagnostics;
using Carillon.Parking;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Brings parked messages back into their lanes when they are due or replayed, before what waits there, and hears of replays in time. It holds as much in
/// memory as there is room for, like a receiver, and leaves half of the room to that.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and whoever cancels it may do so at any moment.")]
internal sealed class RedeliveryFeed(
    string subscription, IParkingStore store, PartitionOwnership ownership, LaneScheduler scheduler, DeliveryBudget budget, int mostOfKey, TimeProvider time, ILogger logger)
{
    /// <summary>The most messages of one key that are handled as one run.</summary>
    public const int LongestRun = 512;

    private const int MostAtOnce = 512;
    private const int MostNothing = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterNothing = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _partitions = new(StringComparer.Ordinal);
    private readonly Dictionary<long, ParkedDelivery> _inFlight = [];

    // What the store has given again while it was in hand: it was replayed, or its partition was taken over.
    private readonly HashSet<long> _again = [];
    // What has come to its end while a claim was being answered, and whether nothing is left of it: the answer may be older than that.
    private readonly Dictionary<long, bool> _ended = [];
    private CancellationTokenSource _assigned = new();
    private bool _isClaiming;
    private long _replays;

    // Whether something may have been claimed whose claim was never answered.
    private bool _isUncertain;
    private int _nothing;

    /// <summary>What reads the store; those that read the same one share it.</summary>
    public RecurringFailure Reading { get; init; } = new(time);

    /// <summary>Says what is wrong with the feed.</summary>
    public IReadOnlyList<HealthFinding> CheckHealth() =>
        FailureFinding.Of(Reading, $"The parked messages of {subscription} cannot be read", time.GetUtcNow()) is { } finding ? [finding] : [];

    /// <summary>Begins to feed the messages of these partitions.</summary>
    public void Assign(IEnumerable<string> partitions)
    {
        CancellationTokenSource earlier;
        lock (_gate)
        {
            _partitions.UnionWith(partitions);
            (earlier, _assigned) = (_assigned, new CancellationTokenSource());
        }

        earlier.Cancel();
    }

    /// <summary>Feeds no more messages of these partitions: what has not reached its lane by now never will.</summary>
    public void Revoke(IReadOnlyCollection<string> partitions)
    {
        lock (_gate)
            _partitions.ExceptWith(partitions);
    }

    /// <summary>Feeds until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield();
        var learning = RepeatAsync(cancellation => LearnAsync(Patience, cancellation), stopping);
        await RepeatAsync(FeedAsync, stopping);
        await learning;
    }

    /// <summary>Learns of the replays that are stored by now. When that fails, it hears of them later, like another instance.</summary>
    public async ValueTask LearnAsync(CancellationToken cancellation)
    {
        try
        {
            await LearnAsync(TimeSpan.Zero, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What is stored stays stored, and whoever gave up has no time for more.
        }
        catch (Exception error)
        {
            Note(error);
        }
    }

    private async ValueTask LearnAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var replays = await store.WaitForReplaysAsync(subscription, Volatile.Read(ref _replays), patience, cancellation);
        if (replays.Count == 0)
            return;
        ownership.Learn(replays);
        lock (_gate)
            _replays = Math.Max(_replays, replays[^1].Number);
    }

    private async Task RepeatAsync(Func<CancellationToken, ValueTask> step, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await step(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                Note(error);
                await PauseAsync(stopping);
            }
        }
    }

    private void Note(Exception error)
    {
        if (Reading.Failed(error) is { } notice)
            SubscribingLog.RedeliveryFailed(logger, subscription, notice.While, error);
    }

    private async Task PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(PauseAfterError, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token itself.
        }
    }

    private async ValueTask FeedAsync(CancellationToken stopping)
    {
        await budget.WaitForRedeliveryRoomAsync(stopping);
        if (Volatile.Read(ref _isUncertain))
        {
            _isUncertain = false;
            await RenewAsync(stopping);
        }

        var hasWork = await WaitForWorkAsync(stopping);
        if (Reading.Succeeded() is { } over)
            SubscribingLog.RedeliveryAgain(logger, subscription, over.Over);
        if (!hasWork)
            return;
        if (budget.Room() is not (> 0 and var room))
            return;
        if (await ClaimAsync(room, stopping) > 0)
        {
            _nothing = 0;
            return;
        }

        // Something is there and this instance does not get it. Either the clock is a little ahead, or the partition was taken over: by somebody else, or by
        // a takeover of its own that came late.
        _isUncertain |= ++_nothing % MostNothing == 0;
        await Task.Delay(PauseAfterNothing, time, stopping);
    }

    private async ValueTask RenewAsync(CancellationToken stopping)
    {
        try
        {
            await ownership.RenewAsync(stopping);
        }
        catch (Exception)
        {
            _isUncertain = true;
            throw;
        }
    }

    /// <returns>Whether there may be something; false when the partitions have changed meanwhile.</returns>
    private async ValueTask<bool> WaitForWorkAsync(CancellationToken stopping)
    {
        CancellationToken assigned;
        lock (_gate)
            assigned = _assigned.Token;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(assigned, stopping);
        try
        {
            var began = time.GetTimestamp();
            await store.WaitForWorkAsync(subscription, [.. Owners().Select(static owner => owner.Partition)], Patience, waiting.Token);
            return time.GetElapsedTime(began) < Patience;
        }
        catch (OperationCanceledException) when (assigned.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async ValueTask<int> ClaimAsync(int room, CancellationToken cancellation)
    {
        var owners = Owners();
        var limit = Math.Clamp(room / 2, 1, MostAtOnce);
        if (owners.Count == 0)
            return 0;
        lock (_gate)
        {
            _ended.Clear();
            _isClaiming = true;
        }

        try
        {
            return Feed(await ClaimAsync(new ParkingClaim(owners, limit, mostOfKey) { LimitBytes = Math.Max(1, budget.Left.Bytes / 2) }, cancellation), owners);
        }
        finally
        {
            lock (_gate)
                _isClaiming = false;
        }
    }

    private int Feed(IReadOnlyList<ParkedMessage> claimed, IReadOnlyCollection<ParkingOwner> owners)
    {
        for (var first = 0; first < claimed.Count;)
        {
            var end = first + 1;
            while (end < claimed.Count && IsOfRun(claimed[first], claimed[end]))
                end++;
            Feed(claimed, first, end, owners.First(owner => owner.Partition == claimed[first].Partition));
            first = end;
        }

        return claimed.Count;
    }

    private async ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation)
    {
        try
        {
            return await store.ClaimAsync(claim, cancellation);
        }
        catch (Exception)
        {
            _isUncertain = true;
            throw;
        }
    }

    private static bool IsOfRun(ParkedMessage first, ParkedMessage other) =>
        first is { BlocksKey: true, Envelope.Key: { } key } && other.BlocksKey && key == other.Envelope.Key && first.Partition == other.Partition;

    /// <summary>
    /// Puts messages of a key into their lane, unless the partition was taken away since they were claimed. What is in hand is not put there a second time; when it
    /// has come to its end, the partition is taken over again, so that it can be claimed anew.
    /// </summary>
    private void Feed(IReadOnlyList<ParkedMessage> claimed, int first, int end, ParkingOwner owner)
    {
        lock (_gate)
        {
            if (!_partitions.Contains(owner.Partition) || !ownership.IsOwner(owner))
                return;
            if (_inFlight.ContainsKey(claimed[first].Id))
                _again.Add(claimed[first].Id);
            else if (_ended.TryGetValue(claimed[first].Id, out var isGone))
                _isUncertain |= !isGone;
            var run = new ParkedRun(End);
            var deliveries = new List<ParkedDelivery>();
            for (var i = first; i < end && !_inFlight.ContainsKey(claimed[i].Id) && !_ended.ContainsKey(claimed[i].Id); i++)
            {
                var delivery = new ParkedDelivery(claimed[i], run);
                _inFlight.Add(claimed[i].Id, delivery);
                budget.Take(delivery);
                ownership.Copies.Expect(claimed[i]);
                deliveries.Add(delivery);
            }

            scheduler.AddAgain(deliveries);
        }
    }

    private IReadOnlyCollection<ParkingOwner> Owners()
    {
        lock (_gate)
            return [.. ownership.Owners.Where(owner => _partitions.Contains(owner.Partition))];
    }

    private void End(ParkedDelivery delivery)
    {
        CancellationTokenSource assigned;
        lock (_gate)
        {
            if (_inFlight.TryGetValue(delivery.Parked.Id, out var known) && known == delivery)
                _inFlight.Remove(delivery.Parked.Id);
            if (_isClaiming)
                _ended[delivery.Parked.Id] = delivery.IsWritten;
            // Of what is written down as finished nothing is left that could be claimed.
            if (!_again.Remove(delivery.Parked.Id) || delivery.IsWritten)
                return;
            _isUncertain = true;
            (assigned, _assigned) = (_assigned, new CancellationTokenSource());
        }

        assigned.Cancel();
    }
}
