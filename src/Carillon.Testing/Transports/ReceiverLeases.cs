using System.Collections.Concurrent;
using Carillon.Testing.Logs;
using Carillon.Testing.Network;
using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>
/// The partitions that a receiver has, as far as it knows, and for how long it may trust that. Used by the receiver's loop only.
/// </summary>
internal sealed class ReceiverLeases(ServerCalls server, SimulatedLog log, string subscription, string instance, SubscriptionTopology topology, SimulatedTransportOptions options)
{
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(1);
    private readonly Dictionary<int, HeldPartition> _held = [];
    private readonly List<AssignedPartition> _lost = [];
    private readonly HashSet<int> _surplus = [];
    private readonly SubscriptionRoster _roster = new(topology.Handles);
    private readonly ConcurrentQueue<(int Number, RoutedType Type)> _leaving = new();
    private long _round;
    private long _renewedAt;
    private bool _isRenewalWanted = true;

    /// <summary>The receiver's name.</summary>
    public string Instance => instance;

    /// <summary>Whether messages are written down as finished before they are handed over.</summary>
    public bool SettlesFirst => topology.DeliversAtMostOnce;

    /// <summary>The partitions that are the receiver's.</summary>
    public IReadOnlyCollection<HeldPartition> Held => _held.Values;

    /// <summary>The subscription's generation, as the receiver knows it.</summary>
    public long Generation { get; private set; } = -1;

    /// <summary>Whether the server may think that the leases are over.</summary>
    public bool MayHaveRunOut => _held.Count > 0 && TimeLeft <= TimeSpan.Zero;

    /// <summary>How long the leases can be trusted.</summary>
    public TimeSpan TimeLeft => options.LeaseTime - options.LeaseMargin - Age;

    /// <summary>When the leases are to be renewed, from now.</summary>
    public TimeSpan UntilRenewal => _isRenewalWanted || _roster.Unreported.Count > 0 ? TimeSpan.Zero : options.RenewalInterval - Age;

    private TimeSpan Age => server.Time.GetElapsedTime(_renewedAt);

    /// <summary>Joins the subscription, or renews what it has there and learns what changed.</summary>
    public async ValueTask RenewAsync(CancellationToken cancellation)
    {
        var (asked, round) = (server.Time.GetTimestamp(), ++_round);
        var met = _roster.Unreported;
        var held = _held.Values.ToDictionary(partition => partition.Number, partition => partition.Epoch);
        var answer = await server.AskAsync(
            ServerOperation.Lease, () => log.Renew(subscription, instance, round, held, options.LeaseTime, topology.Handles, met, topology.UnhandledGrace),
            _held.Count > 0 ? TimeLeft : options.RequestTimeout, cancellation);
        (_renewedAt, Generation) = (asked, answer.Generation);
        foreach (var partition in held.Keys.Where(number => !answer.Owned.Any(lease => lease.Partition == number && lease.Epoch == held[number])))
            Lose(partition);
        foreach (var lease in answer.Owned.Where(lease => !_held.ContainsKey(lease.Partition)))
            _held.Add(lease.Partition, new HeldPartition(lease, _roster));
        _roster.Replace(answer.Others, answer.Gone, answer.Met);
        _surplus.Clear();
        _surplus.UnionWith(answer.Surplus);
        _isRenewalWanted = false;
    }

    /// <summary>Asks about a message that this instance does not handle. Safe for several threads at once.</summary>
    /// <returns>Whether another one handles it, and the partition goes there; null while that is not known of just now: then the next renewal tells it.</returns>
    public bool? Leave(int number, RoutedType type)
    {
        // The next renewal tells the others of it.
        _roster.Meet(type);
        if (_roster.IsHandledElsewhere(type))
        {
            _leaving.Enqueue((number, type));
            return true;
        }

        if (Age <= JustNow)
            return false;
        WantRenewal();
        return null;
    }

    /// <summary>Whether a message is for another instance that lives or may come back. Safe for several threads at once.</summary>
    public bool IsForAnother(RoutedType type) => _roster.IsForAnother(type);

    /// <summary>The server has said something that only a renewal can explain.</summary>
    public void WantRenewal() => _isRenewalWanted = true;

    /// <summary>A partition is somebody else's.</summary>
    public void Lose(int number)
    {
        if (!_held.Remove(number, out var partition))
            return;
        partition.Close();
        _lost.Add(partition.Assignment);
        _isRenewalWanted = true;
    }

    /// <summary>Everything may be somebody else's.</summary>
    public void LoseAll()
    {
        foreach (var number in _held.Keys.ToArray())
            Lose(number);
    }

    /// <summary>What was lost and is not forgotten yet.</summary>
    public IReadOnlyList<AssignedPartition> FindLost() => [.. _lost];

    /// <summary>Nobody here works on what was lost any more.</summary>
    public void ForgetLost() => _lost.Clear();

    /// <summary>What is to be given to others. Nothing is taken away before it was assigned.</summary>
    public IReadOnlyList<HeldPartition> FindSurplus() => [.. _held.Values.Where(partition => partition.IsAssigned && _surplus.Contains(partition.Number))];

    /// <summary>Those whose next message is for another instance, and of which nothing is in hand. Nothing is taken away before it was assigned.</summary>
    public IReadOnlyList<HeldPartition> FindWanted()
    {
        while (_leaving.TryDequeue(out var left))
            _held.GetValueOrDefault(left.Number)?.LeaveTo(left.Type);
        foreach (var partition in _held.Values)
            partition.ReadOn();
        return [.. _held.Values.Where(static partition => partition.IsAssigned && partition.FindWanted() is not null)];
    }

    /// <summary>Gives partitions to others, with their last cursors. When the server does not hear of it, the next renewal tells it.</summary>
    public async ValueTask ReleaseAsync(IReadOnlyList<HeldPartition> partitions)
    {
        var places = partitions.Select(partition => partition.Close() with { Wanted = partition.FindWanted() }).ToArray();
        foreach (var partition in partitions)
            _held.Remove(partition.Number);
        await server.TryAsync(ServerOperation.Lease, () => log.Release(subscription, instance, places), TimeLeft);
        _isRenewalWanted = true;
    }

    /// <summary>Goes for good. When the server does not hear of it, the leases end by themselves.</summary>
    /// <param name="abandoned">What is kept for one lease time more.</param>
    public async ValueTask LeaveAsync(IReadOnlyCollection<AssignedPartition> abandoned)
    {
        var places = _held.Values.Select(partition => partition.Close() with { IsAbandoned = abandoned.Contains(partition.Assignment) }).ToArray();
        _held.Clear();
        await server.TryAsync(ServerOperation.Lease, () => log.Leave(subscription, instance, places, options.LeaseTime), options.LeaveTimeout);
    }
}
