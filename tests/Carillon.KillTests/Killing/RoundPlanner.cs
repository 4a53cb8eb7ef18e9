namespace Carillon.KillTests;

/// <summary>Draws rounds from a seed.</summary>
/// <param name="seed">The seed: the same one draws the same rounds.</param>
/// <param name="crew">Everybody who can be killed.</param>
/// <param name="mode">Which failpoints there are.</param>
internal sealed class RoundPlanner(int seed, IReadOnlyList<CrewPlace> crew, DeliveryGuarantee mode)
{
    private static readonly TimeSpan LongestMoment = TimeSpan.FromMilliseconds(600);
    private readonly Random _random = new(seed);

    /// <summary>Draws the next round.</summary>
    /// <param name="missing">The places whose processes are started in this round; at least one.</param>
    public RoundPlan Next(IReadOnlyList<CrewPlace> missing)
    {
        var trapped = _random.Next(2) == 0 ? missing[_random.Next(missing.Count)] : null;
        return new RoundPlan(
            trapped,
            trapped is null ? null : DrawFailpoint(trapped.Role),
            AwaitsReadiness: _random.Next(5) > 0,
            LongestMoment * _random.NextDouble(),
            DrawVictims());
    }

    private PlannedFailpoint DrawFailpoint(RoleName role)
    {
        var names = Failpoints.Of(role, mode);
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
