using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.Hosting;

/// <summary>What is wrong with one service, or nothing.</summary>
/// <param name="Status">How bad it is.</param>
/// <param name="Finding">What it is, for people; null when nothing is wrong.</param>
/// <param name="Error">What was thrown, if anything.</param>
internal sealed record ServiceHealth(HealthStatus Status, string? Finding = null, Exception? Error = null)
{
    public static ServiceHealth Healthy { get; } = new(HealthStatus.Healthy);
}
