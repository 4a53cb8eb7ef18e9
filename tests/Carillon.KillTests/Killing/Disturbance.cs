namespace Carillon.KillTests;

/// <summary>What goes on in one round beside its kills.</summary>
internal sealed record Disturbance
{
    /// <summary>Which generation each place runs from now on; empty when nothing changes.</summary>
    public IReadOnlyDictionary<CrewPlace, Generation> Deployment { get; init; } = new Dictionary<CrewPlace, Generation>();

    /// <summary>How long the victims stand still instead of being killed; null when they are killed.</summary>
    public TimeSpan? Standstill { get; init; }

    /// <summary>Who stands still in a trap then, or null.</summary>
    public CrewPlace? Trapped { get; init; }

    /// <summary>Where.</summary>
    public PlannedFailpoint? Failpoint { get; init; }

    /// <summary>Whether the victims are asked to stop instead of being killed.</summary>
    public bool Retires { get; init; }

    /// <summary>What is away while the victims are killed.</summary>
    public Outage Outage { get; init; }
}
