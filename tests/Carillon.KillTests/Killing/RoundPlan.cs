namespace Carillon.KillTests;

/// <summary>What happens in one round.</summary>
/// <param name="Trapped">The place in the crew whose new process kills itself at a failpoint, or null.</param>
/// <param name="Failpoint">That failpoint.</param>
/// <param name="AwaitsReadiness">Whether the new processes are let work before anybody is killed; otherwise they may die while they start.</param>
/// <param name="Moment">How long everybody works before the kill.</param>
/// <param name="Victims">Who is killed, all in the same moment.</param>
internal sealed record RoundPlan(
    CrewPlace? Trapped, PlannedFailpoint? Failpoint, bool AwaitsReadiness, TimeSpan Moment, IReadOnlyList<CrewPlace> Victims)
{
    /// <summary>How long the server is gone, killed in the same moment; null when it stays.</summary>
    public TimeSpan? Outage { get; init; }
}
