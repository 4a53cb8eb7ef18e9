namespace Carillon.KillTests;

/// <summary>Draws rounds from a seed.</summary>
/// <param name="seed">The seed: the same one draws the same rounds.</param>
/// <param name="crew">Everybody who can be killed.</param>
/// <param name="failpoints">Where a process of a role can be killed.</param>
/// <param name="serverKills">In how many of a hundred rounds the server is killed.</param>
internal sealed class RoundPlanner(int seed, IReadOnlyList<CrewPlace> crew, Func<RoleName, IReadOnlyList<string>> failpoints, int serverKills = 0)
{
    private static readonly TimeSpan LongestMoment = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMilliseconds(1_500);
    private readonly Random _random = new(seed);

    // Of its own, so that a seed draws the same rounds whether the server is killed or not.
    private readonly Random _server = new(~seed);

    /// <summary>Draws the next round.</summary>
    /// <param name="missing">The places whose processes are started in this round; none when only the server was killed before.</param>
    public RoundPlan Next(IReadOnlyList<CrewPlace> missing)
    {
        var trapped = _random.Next(2) == 0 && missing.Count > 0 ? missing[_random.Next(missing.Count)] : null;
        var plan = new RoundPlan(
            trapped,
            trapped is null ? null : DrawFailpoint(trapped.Role),
            AwaitsReadiness: _random.Next(5) > 0,
            LongestMoment * _random.NextDouble(),
            DrawVictims());
        return serverKills > 0 && _server.Next(100) < serverKills ? WithServer(plan) : plan;
    }

    // Nobody can start without the server. Half of the times it is killed alone.
    private RoundPlan WithServer(RoundPlan plan) => plan with
    {
        AwaitsReadiness = true,
        Outage = LongestOutage * _server.NextDouble(),
        Victims = _server.Next(2) == 0 ? [] : plan.Victims,
    };

    private PlannedFailpoint DrawFailpoint(RoleName role)
    {
        var names = failpoints(role);
        var name = names[_random.Next(names.Count)];
        return new PlannedFailpoint(name, 1 + _random.Next(Failpoints.MostHits(name)));
    }

    private List<CrewPlace> DrawVictims()
    {
        var count = _random.Next(10) switch
        {
            < 6 => 1,
            < 9 => 2,
            _ => crew.Count,
        };
        var shuffled = crew.ToArray();
        _random.Shuffle(shuffled);
        return [.. shuffled.Take(count)];
    }
}
