namespace Carillon;

/// <summary>What something that waits for a person does to the health of its service.</summary>
public enum HealthImpact
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The service is degraded.</summary>
    Degraded = 1,

    /// <summary>The service is unhealthy.</summary>
    Unhealthy = 2,
}
