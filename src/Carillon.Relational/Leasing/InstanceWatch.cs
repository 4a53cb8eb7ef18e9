namespace Carillon.Relational;

/// <summary>
/// Finds out which other instances are dead. A living instance writes a new expiry again and again; one is dead only when this instance has seen its
/// expiry unchanged for some time. The clock by which expiries are written decides nothing alone, because somebody may set it, forward or back.
/// </summary>
/// <param name="time">Measures how long something was seen.</param>
/// <param name="leaseTime">The lease time of the instance that looks. It looks three times in that.</param>
internal sealed class InstanceWatch(TimeProvider time, TimeSpan leaseTime)
{
    private readonly Dictionary<string, (long Expires, long Since)> _seen = new(StringComparer.Ordinal);
    private long? _lookedAt;

    /// <summary>Looks at the other instances.</summary>
    /// <param name="others">All that count as alive.</param>
    /// <param name="now">The time by the clock that expiries are written by, in stored time.</param>
    /// <returns>Those that are dead.</returns>
    public List<StoredInstance> FindDead(IEnumerable<StoredInstance> others, long now)
    {
        var looked = time.GetTimestamp();
        // Who could not look for so long can judge nobody: perhaps the others could not write either.
        if (_lookedAt is { } before && time.GetElapsedTime(before, looked) > leaseTime / 2)
            _seen.Clear();
        _lookedAt = looked;
        var dead = new List<StoredInstance>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var other in others)
        {
            names.Add(other.Name);
            if (!_seen.TryGetValue(other.Name, out var seen) || seen.Expires != other.Expires)
                _seen[other.Name] = seen = (other.Expires, looked);
            if (IsDead(other, time.GetElapsedTime(seen.Since, looked), now))
                dead.Add(other);
        }

        foreach (var name in _seen.Keys.Where(name => !names.Contains(name)).ToList())
            _seen.Remove(name);
        return dead;
    }

    /// <summary>
    /// An instance that takes part renews after a third of its lease, so one that has not for half of it, and is over by the clock, is dead, and the clock was not just set forward. One that
    /// is departing never renews.
    /// </summary>
    private static bool IsDead(StoredInstance other, TimeSpan unchanged, long now) => other.IsDeparting
        ? unchanged >= other.LeaseTime
        : unchanged >= other.LeaseTime * 1.5 || (other.Expires <= now && unchanged >= other.LeaseTime / 2);
}
