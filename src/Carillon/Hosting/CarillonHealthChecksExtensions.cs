using Carillon.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon;

/// <summary>Adds Carillon to the health checks of a host.</summary>
public static class CarillonHealthChecksExtensions
{
    /// <summary>
    /// Checks every service of the host. Degraded: the oldest message of an outbox waits for longer than
    /// <see cref="OutboxOptions.DegradedAfter"/>, keys stand still (<see cref="DeadLetterPolicy.StopKey"/>), or there are dead letters
    /// (<see cref="HealthOptions.DeadLetters"/>). Unhealthy: a service does not run, its transport or its store has not worked for seconds, a loop of it has
    /// ended, or messages are held and none is finished for longer than <see cref="HealthOptions.StalledAfter"/>. What is wrong is in the description,
    /// a sentence for each thing, and in the data by part.
    /// </summary>
    /// <param name="checks">What <c>services.AddHealthChecks()</c> returns.</param>
    /// <param name="name">The name of the check. Default <c>carillon</c>.</param>
    /// <param name="failureStatus">What unhealthy is reported as. Default <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to choose the check by. Default <c>ready</c>.</param>
    public static IHealthChecksBuilder AddCarillon(
        this IHealthChecksBuilder checks, string name = "carillon", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.Add(new HealthCheckRegistration(
            name, provider => new CarillonHealthCheck(provider.GetRequiredService<HostedServices>(), provider), failureStatus, tags ?? ["ready"]));
    }
}
