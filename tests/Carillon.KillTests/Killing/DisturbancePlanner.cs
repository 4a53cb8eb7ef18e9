namespace Carillon.KillTests;

/// <summary>Draws what goes on beside the kills, from a seed of its own: the kills of a seed are the same with and without it.</summary>
/// <param name="seed">The seed.</param>
/// <param name="crew">Everybody.</param>
/// <param name="failpoints">Where a process of a role can stand still.</param>
/// <param name="disturbances">What goes on.</param>
/// <param name="lease">How long leases last.</param>
internal sealed class DisturbancePlanner(
    int seed, IReadOnlyList<CrewPlace> crew, Func<RoleName, IReadOnlyList<string>> failpoints, Disturbances disturbances, TimeSpan lease)
{
    // Where a process that comes late does the most harm.
    private static readonly string[] Delicate = ["message.parking", "message.parking", "delivery.settling", "cursor.writing"];
    private readonly Random _random = new(unchecked(seed * 397) ^ 0x5EED);
    private int _round;

    /// <summary>Draws the next round.</summary>
    public Disturbance Next()
    {
        _round++;
        var disturbance = new Disturbance();
        if (disturbances.HasFlag(Disturbances.Deploy))
            disturbance = disturbance with { Deployment = DrawDeployment() };
        if (disturbances.HasFlag(Disturbances.Hang))
            disturbance = disturbance with { Retires = Draw(0.5) };
        if (disturbances.HasFlag(Disturbances.Outage))
            disturbance = disturbance with { Outage = (Outage)_random.Next(1, 4) };
        return disturbances.HasFlag(Disturbances.Pause) && Draw(0.75) ? WithStandstill(disturbance) : disturbance;
    }

    /// <summary>Who runs what when everything comes to rest: whatever was published is handled by somebody.</summary>
    public IReadOnlyDictionary<CrewPlace, Generation> Final()
    {
        var last = new Dictionary<CrewPlace, Generation>();
        if (disturbances.HasFlag(Disturbances.Deploy) && _round > 1)
        {
            foreach (var place in crew)
                last[place] = place is { Role: RoleName.Handler, Number: 1 } || Draw(0.5) ? Generation.Newer : Generation.Older;
        }

        return last;
    }

    // Nobody publishes what is new before somebody has asked for it: the first round is all old, and the second brings the first new handler.
    private Dictionary<CrewPlace, Generation> DrawDeployment()
    {
        if (_round <= 2)
            return _round == 2 ? new() { [crew.First(place => place.Role == RoleName.Handler)] = Generation.Newer } : [];
        var (share, target) = (_random.Next(3), (Generation)_random.Next(1, 3));
        return share switch
        {
            0 => new() { [crew[_random.Next(crew.Count)]] = target },
            1 => crew.Where(_ => Draw(0.5)).ToDictionary(place => place, _ => target),
            _ => Draw(0.5) ? crew.ToDictionary(place => place, _ => target) : [],
        };
    }

    private Disturbance WithStandstill(Disturbance disturbance)
    {
        // Mostly longer than a lease, sometimes just about as long.
        var time = lease * (0.7 + 1.8 * _random.NextDouble());
        if (Draw(0.4))
            return disturbance with { Standstill = time };
        var place = crew[_random.Next(crew.Count)];
        var names = failpoints(place.Role);
        string[] delicate = [.. Delicate.Where(names.Contains)];
        var name = delicate.Length > 0 && Draw(0.5) ? delicate[_random.Next(delicate.Length)] : names[_random.Next(names.Count)];
        return disturbance with
        {
            Standstill = time,
            Trapped = place,
            Failpoint = new PlannedFailpoint(name, 1 + _random.Next(Failpoints.MostHits(name)), Halts: true),
        };
    }

    private bool Draw(double share) => _random.NextDouble() < share;
}
