using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.Hosting;

/// <summary>The health of all services of the host: as bad as the worst of them, and what each one's finding is.</summary>
internal sealed class CarillonHealthCheck(HostedServices hosted, IServiceProvider services) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var findings = new List<ServiceHealth>();
        foreach (var builder in hosted.Builders)
            findings.AddRange(await services.GetRequiredKeyedService<CarillonService>(builder.Service).CheckHealthAsync(cancellationToken));
        if (findings.Count == 0)
            return HealthCheckResult.Healthy();
        var worst = findings.MinBy(finding => finding.Status)!;
        return new HealthCheckResult(
            worst.Status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : worst.Status,
            string.Join(" ", findings.Select(finding => finding.Finding)),
            worst.Error);
    }
}
