using System.Globalization;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// One instance of a subscription: reads its share of the partitions and hands their messages over. Three loops work together: one
/// reads and hands over, one keeps the leases, one writes cursors.
/// </summary>
internal sealed class LogReceiver : ITransportReceiver, IHealthReporting
{
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);
    private readonly Database _database;
    private readonly string _subscription;
    private readonly OwnedPartitions _owned = new();
    private readonly SubscriptionRoster _roster;
    private readonly Signal _wake = new();
    private readonly Signal _progress = new();
    private readonly LeaseKeeper _leases;
    private readonly DeliveryLoop _delivering;
    private readonly CursorWriter _cursors;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly IDisposable _listening;
    private Task _reading = Task.CompletedTask;
    private Task[] _keeping = [];
    private CancellationToken _deadline = CancellationToken.None;
    private IReadOnlyCollection<AssignedPartition> _abandoned = [];
    private bool _isStarted;

    public LogReceiver(
        Database database, SubscriptionTopology subscription, LeaseHolder holder, Func<SubscriptionRoster, OwnedPartitions, Settlements, LogReader> open)
    {
        _database = database;
        _subscription = subscription.Name;
        _roster = new SubscriptionRoster(holder.Handles);
        _leases = new LeaseKeeper(database, holder, subscription, _roster, Interrupt);
        var early = subscription.DeliversAtMostOnce ? new EarlySettlement(database, subscription.Name, _owned, _leases) : null;
        _delivering = new DeliveryLoop(database, subscription.Name, open(_roster, _owned, new Settlements(_progress, _wake)), _owned, _leases, _roster, _wake, early, Interrupt);
        _cursors = new CursorWriter(database, _owned, _leases, _progress);
        _listening = database.Changes.Listen(Hear);
    }

    public async ValueTask StartAsync(IDeliverySink sink, CancellationToken cancellation)
    {
        _isStarted = true;
        await TakeFirstAsync(cancellation);
        using (ExecutionContext.SuppressFlow())
        {
            _keeping = [_leases.RunAsync(_closing.Token), _cursors.RunAsync(_closing.Token), .. Watch(sink)];
            _reading = _delivering.RunAsync(sink, _stopping.Token);
        }
    }

    public async ValueTask StopAsync(CancellationToken cancellation)
    {
        _deadline = cancellation;
        await EndReadingAsync().WaitAsync(cancellation);
    }

    public void Abandon(IReadOnlyCollection<AssignedPartition> partitions, Task handled) => _abandoned = partitions;

    public void Finish(string partition, long position) => _owned.Find(int.Parse(partition, CultureInfo.InvariantCulture))?.Progress.FinishEarly(position);

    public async ValueTask<bool> LeaveAsync(string partition, RoutedType type, CancellationToken cancellation)
    {
        _roster.Meet(type);
        if (!_roster.IsHandledElsewhere(type))
            await _leases.LookAsync(cancellation);
        if (!_roster.IsHandledElsewhere(type))
            return false;
        _owned.Find(int.Parse(partition, CultureInfo.InvariantCulture))?.Progress.LeaveTo(type);
        Interrupt();
        return true;
    }

    public bool IsForAnother(RoutedType message) => _roster.IsForAnother(message);

    public async ValueTask DisposeAsync()
    {
        _listening.Dispose();
        using var last = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _database.Time);
        // Where there was no stop that says how long, this is one.
        await using var over = _deadline.CanBeCanceled ? _deadline.Register(() => last.CancelAfter(LastPatience)) : default;
        if (!_deadline.CanBeCanceled)
            last.CancelAfter(_database.LeaseTime);
        try
        {
            await CloseAsync().WaitAsync(last.Token);
        }
        catch (OperationCanceledException) when (last.IsCancellationRequested)
        {
            // Whatever waits for the database has heard that nobody needs it any more, and ends when the database answers or is given up.
            _database.Logger.Abandoned(_subscription, _database.Name);
        }
    }

    /// <summary>Whether all loops live and succeed, and the lease is renewed.</summary>
    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation)
    {
        if (!_isStarted || _stopping.IsCancellationRequested || _reading == Task.CompletedTask)
            return new([]);
        var now = _database.Time.GetUtcNow();
        var findings = new List<HealthFinding?>
        {
            FailureFinding.Of(_leases.Failure, $"{_subscription} could not renew its right to read {_database.Name} by its rounds", now),
            FailureFinding.Of(_delivering.Failure, $"{_subscription} cannot receive from {_database.Name}", now),
            FailureFinding.Of(_cursors.Failure, $"{_subscription} cannot write down in {_database.Name} what is finished", now),
        };
        if (_keeping.Prepend(_reading).FirstOrDefault(static loop => loop.IsCompleted) is { } ended)
        {
            findings.Add(new HealthFinding(HealthSeverity.Unhealthy, $"What receives for {_subscription} has ended by itself, so that messages stay in {_database.Name}. Restart the service, and report it.")
            {
                Error = ended.Exception?.GetBaseException(),
            });
        }
        else if (!_leases.IsValid)
        {
            findings.Add(new HealthFinding(HealthSeverity.Unhealthy, string.Create(CultureInfo.InvariantCulture, $"{_subscription} could not renew its right to read {_database.Name} for {_database.LeaseTime.TotalSeconds:0.###} s, and receives nothing until it can.")));
        }

        return new([.. findings.OfType<HealthFinding>()]);
    }

    /// <summary>Takes the first share, if the database lets it: what it does not let now is tried again by what keeps the leases.</summary>
    private async Task TakeFirstAsync(CancellationToken cancellation)
    {
        try
        {
            await _leases.RoundAsync(cancellation);
        }
        catch (StorageFailedException failure) when (failure.IsTransient || failure.IsUnreachable)
        {
            _database.IsOutage(failure);
        }
    }

    private async Task CloseAsync()
    {
        // A loop that has failed before keeps nothing from being given back.
        await EndReadingAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _closing.CancelAsync();
        var keeping = Task.WhenAll(_keeping);
        await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leases.Dispose();
        await _delivering.DisposeAsync();
        if (_isStarted)
            await LeaveAsync();
        _stopping.Dispose();
        _closing.Dispose();
        await keeping;
    }

    private async Task EndReadingAsync()
    {
        await _stopping.CancelAsync();
        _delivering.Interrupt();
        await _reading;
    }

    private async Task LeaveAsync()
    {
        try
        {
            var isAbandoned = TakeAll().ToLookup(lease => _abandoned.Any(abandoned => abandoned.Partition == Partitions.Name(lease.Partition) && abandoned.Fence == lease.Fence));
            await _leases.LeaveAsync([.. isAbandoned[false]], [.. isAbandoned[true]], CancellationToken.None);
        }
        catch (Exception e) when (e is StorageFailedException or ObjectDisposedException)
        {
            if (!_database.IsOutage(e))
                _database.Logger.WorkFailed(e, _database.Name, "giving partitions back; others take them when the process is gone or the lease is over");
        }
    }

    /// <summary>Ends what this instance has: what it reads, and what it has got and not begun to read.</summary>
    private List<Lease> TakeAll()
    {
        List<Lease> all = [.. _owned.All.Select(static partition => partition.Close())];
        while (_leases.Peek() is { } change)
        {
            if (change.Kind == LeaseChangeKind.Gained)
                all.AddRange(change.Leases.Where(lease => _owned.Find(lease.Partition)?.Fence != lease.Fence));
            _leases.Done();
        }

        return all;
    }

    // Where nobody can be cut off there is nothing to watch.
    private IEnumerable<Task> Watch(IDeliverySink sink)
    {
        if (_database.CanBeCutOff)
            yield return _leases.WatchAsync(leases => _delivering.End(sink, leases), _closing.Token);
    }

    private void Interrupt()
    {
        _wake.Raise();
        _delivering.Interrupt();
    }

    private void Hear(DatabaseChange change)
    {
        if ((change & DatabaseChange.Messages) != 0)
            _wake.Raise();
    }
}
