using Carillon.Properties.Tests.Generating;
using Carillon.Relational;
using Carillon.Sqlite;
using Carillon.Transports;

namespace Carillon.Properties.Tests.Receiving;

/// <summary>One instance of a subscription, step by step: the parts of a receiver without its loops.</summary>
internal sealed class LogInstance : IAsyncDisposable
{
    private static int _names;
    private readonly Database _database;
    private readonly ShownTime _time;
    private readonly LeaseHolder _holder;
    private readonly OwnedPartitions _owned = new();
    private readonly Dictionary<int, long> _held = [];
    private readonly SequentialLogReader _reader;
    private readonly InstanceWatch _watch;
    private long? _renewed;

    public LogInstance(Database database, ShownTime time, Log log, SubscriptionTopology subscription, long number)
    {
        (_database, _time) = (database, time);
        _watch = new InstanceWatch(time, database.LeaseTime);
        _holder = new LeaseHolder(number, $"instance-{Interlocked.Increment(ref _names)}", database.Process);
        _reader = new SequentialLogReader((OpenFile)database, log, new StoredTopics(number, subscription), new SubscriptionRoster(subscription.Handles), _owned, new Settlements(new Signal(), new Signal()));
    }

    /// <summary>What it has in hand, in the order in which it got it.</summary>
    public List<Delivery> Open { get; } = [];

    /// <summary>The partitions that it reads, as far as it knows.</summary>
    public IEnumerable<string> Partitions => _owned.All.Select(partition => partition.Name);

    /// <summary>Whether nobody else can have its partitions yet.</summary>
    public bool IsValid => _renewed is { } renewed && _time.GetElapsedTime(renewed) < _database.LeaseTime;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task RoundAsync()
    {
        var began = _time.GetTimestamp();
        var result = await _database.WriteAsync(new LeaseRound(_holder, new Dictionary<int, long>(_held), _database.LeaseTime, _watch), Cancellation);
        _renewed = began;
        Lose(result.Lost.Select(lease => lease.Partition));
        foreach (var lease in result.Gained)
            _held[lease.Partition] = lease.Fence;
        _owned.Add(result.Gained);
        if (result.ToRevoke.Count > 0)
            await GiveAwayAsync([.. result.ToRevoke.Where(_held.ContainsKey)]);
    }

    /// <returns>What was read, also when it is returned at once because the lease is over.</returns>
    public async Task<IReadOnlyList<Delivery>> ReadAsync(int room)
    {
        if (!IsValid || !await _reader.HasMoreAsync(Cancellation))
            return [];
        var read = await _reader.ReadAsync(room, new DeliveryRoom(room, long.MaxValue), Cancellation);
        Assert.InRange(read.Count, 0, room);
        Open.AddRange(read);
        return [.. read];
    }

    /// <summary>Whether there is anything that it has not read.</summary>
    public async Task<bool> HasMoreAsync() => await _reader.HasMoreAsync(Cancellation);

    public void Acknowledge(Delivery delivery)
    {
        Open.Remove(delivery);
        delivery.Acknowledge();
    }

    /// <summary>Returns a delivery, and those of its key behind it, which are not to pass by.</summary>
    public void Return(Delivery delivery)
    {
        var key = delivery.Envelope.Key;
        foreach (var returned in Open.Where(open => open == delivery || (key is not null && open.Envelope.Key == key && open.Position > delivery.Position)).ToArray())
        {
            Open.Remove(returned);
            returned.Return();
        }
    }

    public async Task WriteCursorsAsync()
    {
        var moved = _owned.All.Select(partition => (Partition: partition, Cursor: partition.Unwritten())).Where(move => move.Cursor is not null).ToList();
        var rejected = await _database.WriteAsync(new CursorMove(_holder, [.. moved.Select(move => move.Cursor!.Value)]), Cancellation);
        foreach (var (partition, cursor) in moved)
            partition.Progress.Wrote(cursor!.Value.Cursor);
        Lose(rejected.Select(lease => lease.Partition));
    }

    public async Task StopAsync()
    {
        ReturnOpen(_ => true);
        await _database.WriteAsync(new LeaseDeparture(_holder, [.. _owned.All.Select(partition => partition.Close())], [], _database.LeaseTime), Cancellation);
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private async Task GiveAwayAsync(int[] partitions)
    {
        var leaving = partitions.Select(_owned.Find).OfType<OwnedPartition>().ToList();
        foreach (var partition in leaving)
            partition.Progress.Suspend();
        ReturnOpen(partitions.Select(Carillon.Transports.Partitions.Name).Contains);
        await _database.WriteAsync(new LeaseRelease(_holder, [.. leaving.Select(partition => partition.Close())]), Cancellation);
        _owned.Remove(partitions);
        foreach (var partition in partitions)
            _held.Remove(partition);
    }

    private void Lose(IEnumerable<int> partitions)
    {
        int[] lost = [.. partitions];
        foreach (var partition in _owned.Remove(lost))
            partition.Close();
        ReturnOpen(lost.Select(Carillon.Transports.Partitions.Name).Contains);
        foreach (var partition in lost)
            _held.Remove(partition);
    }

    private void ReturnOpen(Func<string, bool> isConcerned)
    {
        foreach (var delivery in Open.Where(open => isConcerned(open.Partition)).ToArray())
        {
            Open.Remove(delivery);
            delivery.Return();
        }
    }
}
