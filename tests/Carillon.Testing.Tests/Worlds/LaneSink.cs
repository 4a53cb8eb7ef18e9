using System.Globalization;
using Carillon.Transports;

namespace Carillon.Testing.Tests.Worlds;

/// <summary>The runtime's side of a receiver, in small: a lane per key, handlers that take time and sometimes want a message again.</summary>
internal sealed class LaneSink(string name, Ledger ledger, StepClock time, Random random, int room) : IDeliverySink
{
    private readonly Dictionary<string, Queue<Delivery>> _lanes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CancellationTokenSource> _assigned = [];
    private readonly List<Delivery> _running = [];
    private int _held;

    /// <summary>What the receiver did wrong.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Whether the process is dead: nothing is handled or settled any more.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Whether handlers never end by themselves.</summary>
    public bool Hangs { get; set; }

    /// <summary>How many partitions it has.</summary>
    public int AssignedCount => _assigned.Count;

    /// <summary>How many messages are in hand.</summary>
    public int Held => _held;

    /// <summary>What is being handled.</summary>
    public IReadOnlyList<Delivery> Running => _running;

    public async ValueTask<int> WaitForRoomAsync(CancellationToken cancellation)
    {
        while (_held >= room || IsDead)
            await Wait.ForAsync(5, time, cancellation);
        return room - _held;
    }

    public void Deliver(ReadOnlySpan<Delivery> deliveries)
    {
        if (IsDead)
            return;
        _held += deliveries.Length;
        if (_held > room)
            Faults.Add($"{name}: there was room for {room}, but {_held} were in hand");
        foreach (var delivery in deliveries)
        {
            if (!_assigned.ContainsKey(delivery.Partition))
                Faults.Add($"{name}: {delivery.Position} came from partition {delivery.Partition}, which is not assigned");
            var key = delivery.Envelope.Key!;
            if (_lanes.TryGetValue(key, out var lane))
            {
                lane.Enqueue(delivery);
                continue;
            }

            _lanes.Add(key, new Queue<Delivery>([delivery]));
            _ = WorkAsync(key);
        }
    }

    public async ValueTask AssignAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation)
    {
        await Wait.ForAsync(random.Next(50), time, cancellation);
        foreach (var (partition, _) in partitions)
        {
            if (!_assigned.TryAdd(partition, new CancellationTokenSource()))
                Faults.Add($"{name}: partition {partition} was assigned twice");
        }
    }

    public ValueTask RevokeAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken deadline) => EndAsync(NamesOf(partitions), deadline);

    public void Lose(Delivery delivery)
    {
    }

    public void Lose(IReadOnlyCollection<AssignedPartition> partitions) => _ = EndAsync(NamesOf(partitions), new CancellationToken(canceled: true)).AsTask();

    /// <summary>Ends as a service does: what waits is returned, what runs is cancelled.</summary>
    public ValueTask EndAsync() => EndAsync([.. Enumerable.Range(0, 16).Select(Partitions.Name)], new CancellationToken(canceled: true));

    /// <summary>The process is gone.</summary>
    public void Die()
    {
        IsDead = true;
        ledger.Bury(name);
    }

    private async ValueTask EndAsync(string[] partitions, CancellationToken deadline)
    {
        foreach (var lane in _lanes.Values)
        {
            for (var left = lane.Count; left > 0; left--)
            {
                var delivery = lane.Dequeue();
                if (partitions.Contains(delivery.Partition))
                    Settle(delivery, isFinished: false);
                else
                    lane.Enqueue(delivery);
            }
        }

        while (!deadline.IsCancellationRequested && _running.Exists(delivery => partitions.Contains(delivery.Partition)))
            await Wait.ForAsync(5, time, CancellationToken.None);
        foreach (var partition in partitions)
        {
            if (_assigned.Remove(partition, out var source))
                source.Cancel();
        }

        while (_running.Exists(delivery => partitions.Contains(delivery.Partition)))
            await Wait.ForAsync(1, time, CancellationToken.None);
    }

    private static string[] NamesOf(IReadOnlyCollection<AssignedPartition> partitions) => [.. partitions.Select(static assignment => assignment.Partition)];

    private async Task WorkAsync(string key)
    {
        var lane = _lanes[key];
        await Task.Yield();
        while (lane.TryDequeue(out var delivery))
        {
            _running.Add(delivery);
            var number = int.Parse(delivery.Envelope.Subject!, CultureInfo.InvariantCulture);
            ledger.Begin(name, key, number);
            var isHandled = await HandleAsync(delivery);
            if (IsDead)
                return;
            _running.Remove(delivery);
            ledger.End(key, number, isHandled);
            Settle(delivery, isHandled);
            while (!isHandled && lane.TryDequeue(out var later))
                Settle(later, isFinished: false);
        }

        _lanes.Remove(key);
    }

    private async Task<bool> HandleAsync(Delivery delivery)
    {
        try
        {
            await Wait.ForAsync(Hangs ? 3_600_000 : random.Next(30), time, _assigned.TryGetValue(delivery.Partition, out var source) ? source.Token : new CancellationToken(canceled: true));
            return random.Next(50) > 0;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Settle(Delivery delivery, bool isFinished)
    {
        _held--;
        if (isFinished)
            delivery.Acknowledge();
        else
            delivery.Return();
    }
}
