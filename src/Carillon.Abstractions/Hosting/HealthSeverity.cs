namespace Carillon;

/// <summary>How bad something is that is wrong with a running service.</summary>
public enum HealthSeverity
{
    /// <summary>The service works, and a person should look at it.</summary>
    Degraded = 0,

    /// <summary>The service, or a part of it, does not work.</summary>
    Unhealthy = 1,
}
