using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.Hosting;

/// <summary>The health of all services of the host: as bad as the worst of them, and what each one's finding is.</summary>
internal sealed class CarillonHealthCheck(HostedServices hosted, IServiceProvider services) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var findings = new List<PartFinding>();
        foreach (var builder in hosted.Builders)
            findings.AddRange(await services.GetRequiredKeyedService<CarillonService>(builder.Service).CheckHealthAsync(cancellationToken));
        if (findings.Count == 0)
            return HealthCheckResult.Healthy();
        var worst = findings.MaxBy(found => found.Finding.Severity)!.Finding;
        return new HealthCheckResult(
            worst.Severity == HealthSeverity.Unhealthy ? context.Registration.FailureStatus : HealthStatus.Degraded,
            string.Join(" ", findings.Select(found => found.Finding.Text)),
            worst.Error,
            DataOf(findings));
    }

    /// <summary>What is wrong with each part, and since when, for whoever shows it in a table.</summary>
    private static Dictionary<string, object> DataOf(List<PartFinding> findings)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var part in findings.GroupBy(found => found.Part))
        {
            data[part.Key] = string.Join(" ", part.Select(found => found.Finding.Text));
            if (part.Min(found => found.Finding.Since) is { } since)
                data[part.Key + ", since"] = since;
        }

        return data;
    }
}
