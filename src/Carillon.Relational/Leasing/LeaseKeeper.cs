using Carillon.Diagnostics;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// Keeps one instance's share of the partitions: renews, takes and loses leases, and tells the receiver through a queue of changes that
/// it empties in order.
/// </summary>
internal sealed class LeaseKeeper : IRenewable, IDisposable
{
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(1);
    private readonly Database _database;
    private readonly LeaseHolder _holder;
    private readonly SubscriptionTopology _subscription;
    private readonly SubscriptionRoster _roster;
    private readonly DeclarationKeeper _declarations;
    private readonly ApplicationWatch _applications;
    private readonly InstanceWatch _instances;
    private readonly Action _changed;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, long> _held = [];
    private readonly HashSet<int> _revoking = [];
    private readonly HashSet<(int Partition, long Fence)> _releasing = [];
    private readonly Queue<LeaseChange> _changes = new();
    private readonly Signal _wake = new();
    private readonly SemaphoreSlim _round = new(1, 1);
    private readonly IDisposable _listening;
    private readonly LoopPatience _patience;
    private long _generation = -1;
    private long _validFrom;
    private bool _standsBy;

    public LeaseKeeper(Database database, LeaseHolder holder, SubscriptionTopology subscription, SubscriptionRoster roster, Action changed)
    {
        (_database, _holder, _subscription, _roster) = (database, holder, subscription, roster);
        _applications = new ApplicationWatch(subscription.Name, holder, database.Logger);
        _instances = new InstanceWatch(database.Time, database.LeaseTime);
        _declarations = new DeclarationKeeper(database, holder.Subscription, subscription);
        _changed = changed;
        _listening = database.Changes.Listen(Hear);
        _patience = new LoopPatience(database, "renewing leases", longest: database.LeaseTime / 6);
        database.Heartbeat.Add(this);
    }

    /// <inheritdoc/>
    public string Name => _holder.Instance;

    /// <inheritdoc/>
    public TimeSpan UntilLate => (_database.LeaseTime / 2) - (Generation < 0 || Failure is not null ? TimeSpan.Zero : _database.Time.GetElapsedTime(Volatile.Read(ref _validFrom)));

    /// <summary>Whether the last renewal still holds. A process that was paused for long asks before it goes on.</summary>
    public bool IsValid => TimeLeft > TimeSpan.Zero;

    /// <summary>What fails about its rounds, apart from outages of the database; null while they succeed.</summary>
    public FailureState? Failure => _patience.Failure;

    /// <summary>The generation of instances that the latest round has seen.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>The next change to act on; null when there is none.</summary>
    public LeaseChange? Peek()
    {
        lock (_lock)
            return _changes.TryPeek(out var change) ? change : null;
    }

    /// <summary>The change was acted on.</summary>
    public void Done()
    {
        lock (_lock)
            _changes.Dequeue();
    }

    /// <summary>One look after the leases.</summary>
    public async Task RoundAsync(CancellationToken cancellation)
    {
        await _round.WaitAsync(cancellation);
        try
        {
            var began = _database.Time.GetTimestamp();
            var result = await _database.WriteAsync(new LeaseRound(_holder, Held(), _database.LeaseTime, _instances) { NewlyMet = _roster.Unreported }, cancellation);
            Renewed(began);
            Lose(result.Lost);
            Gain(result.Gained);
            Revoke(result.ToRevoke);
            Look(result);
            Volatile.Write(ref _generation, result.Generation);
        }
        finally
        {
            _round.Release();
        }
    }

    /// <inheritdoc/>
    public void Renewed(long began)
    {
        var before = Volatile.Read(ref _validFrom);
        while (began > before && Interlocked.CompareExchange(ref _validFrom, began, before) is var current && current != before)
            before = current;
    }

    /// <summary>Learns who lives, unless that is known of just now.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        if (_database.Time.GetElapsedTime(Volatile.Read(ref _validFrom)) > JustNow)
            await RoundAsync(cancellation);
    }

    /// <summary>Looks after the leases until cancelled: in time before they expire, and whenever instances come or go.</summary>
    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(RenewAsync(stopping), _declarations.RunAsync(stopping));

    /// <summary>
    /// Until cancelled, loses all leases whenever they could not be renewed in time: others may have begun with their partitions, whether or not
    /// anybody has told this instance.
    /// </summary>
    /// <param name="losing">Ends at once whatever goes on by the right of these leases.</param>
    /// <param name="stopping">Ends the watch.</param>
    public async Task WatchAsync(Action<IReadOnlyList<Lease>> losing, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            while (_database.CanBeCutOff)
            {
                await Task.Delay(UntilNextLook(), _database.Time, stopping);
                if (IsValid || Held() is not { Count: > 0 } held)
                    continue;
                Lease[] lost = [.. held.Select(static lease => new Lease(lease.Key, lease.Value, 0))];
                losing(lost);
                Lose(lost);
            }
        }
        catch (OperationCanceledException)
        {
            // It is stopped.
        }
    }

    /// <summary>Gives partitions up, with their last cursors.</summary>
    public async Task ReleaseAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation)
    {
        // A round in between would take what is given back for lost.
        await _round.WaitAsync(cancellation);
        try
        {
            BeginRelease(leases);
            await _database.WriteAsync(new LeaseRelease(_holder, leases), cancellation);
            Forget(leases);
        }
        finally
        {
            EndRelease(leases);
            _round.Release();
        }
    }

    /// <summary>Goes for good.</summary>
    /// <param name="leases">What is given up, with its last cursors.</param>
    /// <param name="abandoned">What is kept until the time is over that the leases have from now on.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task LeaveAsync(IReadOnlyList<Lease> leases, IReadOnlyList<Lease> abandoned, CancellationToken cancellation) =>
        _database.WriteAsync(new LeaseDeparture(_holder, leases, abandoned, _database.LeaseTime), cancellation);

    /// <summary>Writes cursors down.</summary>
    /// <returns>What was not written, because somebody else reads it now.</returns>
    public async Task<IReadOnlyList<Lease>> MoveAsync(IReadOnlyList<Lease> cursors, CancellationToken cancellation)
    {
        var rejected = await _database.WriteAsync(new CursorMove(_holder, cursors), cancellation);
        Lose(Unexpected(rejected));
        return rejected;
    }

    public void Dispose()
    {
        _database.Heartbeat.Remove(this);
        _listening.Dispose();
        _round.Dispose();
    }

    // A moment before others may think that they are over: handlers that are cancelled then have ended by that time.
    private TimeSpan TimeLeft => (_database.LeaseTime * 0.9) - _database.Time.GetElapsedTime(Volatile.Read(ref _validFrom));

    private async Task RenewAsync(CancellationToken stopping)
    {
        await Task.Yield();
        var renewal = _database.LeaseTime / 3;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var seen = _wake.Version;
                var left = renewal - _database.Time.GetElapsedTime(Volatile.Read(ref _validFrom));
                if (left <= TimeSpan.Zero || await HasGenerationChangedAsync(stopping))
                    await RoundAsync(stopping);
                else
                    await _wake.WaitAsync(seen, left, _database.Time, stopping);
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

    private TimeSpan UntilNextLook()
    {
        var left = TimeLeft;
        if (left <= TimeSpan.Zero)
            return _database.LeaseTime / 3;
        return left > ShortestTimer ? left : ShortestTimer;
    }

    private void BeginRelease(IReadOnlyList<Lease> leases)
    {
        lock (_lock)
            _releasing.UnionWith(leases.Select(static lease => (lease.Partition, lease.Fence)));
    }

    private void EndRelease(IReadOnlyList<Lease> leases)
    {
        lock (_lock)
            _releasing.ExceptWith(leases.Select(static lease => (lease.Partition, lease.Fence)));
    }

    // A cursor that comes after its lease was given back says nothing new: the lease went with a later one.
    private IReadOnlyList<Lease> Unexpected(IReadOnlyList<Lease> rejected)
    {
        lock (_lock)
            return [.. rejected.Where(lease => !_releasing.Contains((lease.Partition, lease.Fence)))];
    }

    private Dictionary<int, long> Held()
    {
        lock (_lock)
            return new Dictionary<int, long>(_held);
    }

    private void Lose(IReadOnlyList<Lease> lost)
    {
        if (lost.Count == 0)
            return;
        lock (_lock)
        {
            Lease[] known = [.. lost.Where(lease => _held.TryGetValue(lease.Partition, out var fence) && fence == lease.Fence)];
            Forget(known);
            if (known.Length > 0)
                _changes.Enqueue(new LeaseChange(LeaseChangeKind.Lost, known));
        }

        _changed();
    }

    private void Forget(IReadOnlyList<Lease> leases)
    {
        lock (_lock)
        {
            foreach (var lease in leases)
            {
                if (!_held.TryGetValue(lease.Partition, out var fence) || fence != lease.Fence)
                    continue;
                _held.Remove(lease.Partition);
                _revoking.Remove(lease.Partition);
            }
        }
    }

    private void Gain(IReadOnlyList<Lease> gained)
    {
        if (gained.Count == 0)
            return;
        lock (_lock)
        {
            foreach (var lease in gained)
                _held[lease.Partition] = lease.Fence;
            _changes.Enqueue(new LeaseChange(LeaseChangeKind.Gained, gained));
        }

        _changed();
    }

    private void Revoke(IReadOnlyList<int> partitions)
    {
        lock (_lock)
        {
            var leases = partitions.Where(_held.ContainsKey).Where(_revoking.Add).Select(partition => new Lease(partition, _held[partition], 0)).ToList();
            if (leases.Count == 0)
                return;
            _changes.Enqueue(new LeaseChange(LeaseChangeKind.Revoked, leases));
        }

        _changed();
    }

    private void Look(LeaseRoundResult result)
    {
        var hasChanged = _roster.Replace([.. result.Others.Select(other => other.Member.Handles)], result.Gone, result.Met);
        _applications.Look(result.Others);
        if (result.StandsBy != _standsBy)
        {
            _standsBy = result.StandsBy;
            if (_standsBy)
                _database.Logger.StandsBy(_subscription.Name);
            else
                _database.Logger.TakesPartAgain(_subscription.Name);
        }

        if (hasChanged)
            _changed();
    }

    private async ValueTask<bool> HasGenerationChangedAsync(CancellationToken cancellation) => _generation != await _database.ReadForLeasesAsync(
        _holder.Subscription,
        static async (session, subscription) => await session.Prepare(LeasingSql.Generation).Set("subscription", subscription).NumberAsync() ?? 0,
        cancellation);

    private void Hear(DatabaseChange change)
    {
        if ((change & DatabaseChange.Leases) != 0)
            _wake.Raise();
    }
}
