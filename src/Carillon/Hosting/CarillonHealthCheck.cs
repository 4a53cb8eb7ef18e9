using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.Hosting;

/// <summary>The health of all services of the host: as bad as the worst of them, and what each one's finding is.</summary>
internal sealed class CarillonHealthCheck(HostedServices hosted, IServiceProvider services) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var findings = new List<HealthFinding>();
        foreach (var builder in hosted.Builders)
            findings.AddRange(await services.GetRequiredKeyedService<CarillonService>(builder.Service).CheckHealthAsync(cancellationToken));
        if (findings.Count == 0)
            return HealthCheckResult.Healthy();
        var worst = findings.MaxBy(finding => finding.Severity)!;
        return new HealthCheckResult(
            worst.Severity == HealthSeverity.Unhealthy ? context.Registration.FailureStatus : HealthStatus.Degraded,
            string.Join(" ", findings.Select(finding => finding.Text)),
            worst.Error);
    }
}
