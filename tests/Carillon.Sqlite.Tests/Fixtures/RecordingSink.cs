using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>A runtime that writes down what it gets; by default it finishes every message at once.</summary>
public sealed class RecordingSink : IDeliverySink
{
    private readonly Lock _lock = new();
    private readonly List<Envelope> _received = [];
    private readonly List<Delivery> _open = [];
    private readonly HashSet<string> _owned = [];
    private readonly List<IReadOnlyCollection<string>> _revoked = [];
    private TaskCompletionSource _roomChanged = new();
    private int _room = 100;

    /// <summary>Whether messages are finished as they come.</summary>
    public bool Acknowledges { get; init; } = true;

    /// <summary>Called for each message before it is finished.</summary>
    public Action<Delivery>? OnDelivery { get; init; }

    /// <summary>Called with how many partitions are owned, after each change.</summary>
    public Action<int>? OnOwned { get; init; }

    public int Room
    {
        get => Volatile.Read(ref _room);
        set
        {
            Volatile.Write(ref _room, value);
            Interlocked.Exchange(ref _roomChanged, new TaskCompletionSource()).TrySetResult();
        }
    }

    public IReadOnlyList<Envelope> Received { get { lock (_lock) return [.. _received]; } }

    public IReadOnlyList<Delivery> Open { get { lock (_lock) return [.. _open]; } }

    public IReadOnlyCollection<string> Owned { get { lock (_lock) return [.. _owned]; } }

    public IReadOnlyList<IReadOnlyCollection<string>> Revoked { get { lock (_lock) return [.. _revoked]; } }

    public int Count { get { lock (_lock) return _received.Count; } }

    public async ValueTask<int> WaitForRoomAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _roomChanged).Task;
            if (Room > 0)
                return Room;
            await changed.WaitAsync(cancellation);
        }
    }

    public void Deliver(ReadOnlySpan<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            lock (_lock)
            {
                _received.Add(delivery.Envelope);
                if (!Acknowledges)
                    _open.Add(delivery);
                if (!_owned.Contains(delivery.Partition))
                    throw new InvalidOperationException($"Partition {delivery.Partition} was delivered but not assigned.");
            }

            OnDelivery?.Invoke(delivery);
            if (Acknowledges)
                delivery.Acknowledge();
        }
    }

    /// <summary>Settles what is open.</summary>
    public void Settle(Func<Delivery, bool> which, bool acknowledge)
    {
        List<Delivery> chosen;
        lock (_lock)
        {
            chosen = [.. _open.Where(which)];
            _open.RemoveAll(chosen.Contains);
        }

        foreach (var delivery in chosen)
        {
            if (acknowledge)
                delivery.Acknowledge();
            else
                delivery.Return();
        }
    }

    public ValueTask AssignAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation)
    {
        lock (_lock)
            _owned.UnionWith(partitions.Select(static assignment => assignment.Partition));
        OnOwned?.Invoke(Owned.Count);
        return ValueTask.CompletedTask;
    }

    public ValueTask RevokeAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken deadline)
    {
        Lose(partitions);
        return ValueTask.CompletedTask;
    }

    public void Lose(Delivery delivery)
    {
    }

    public void Lose(IReadOnlyCollection<AssignedPartition> partitions)
    {
        string[] names = [.. partitions.Select(static assignment => assignment.Partition)];
        lock (_lock)
        {
            _owned.ExceptWith(names);
            _revoked.Add(names);
        }

        OnOwned?.Invoke(Owned.Count);
        Settle(delivery => names.Contains(delivery.Partition), acknowledge: false);
    }
}
