namespace Carillon;

/// <summary>
/// Says what is wrong with it. An extra of transports, senders, receivers and the parts of a store: what they know of their connections,
/// loops and leases becomes part of the service's health.
/// </summary>
public interface IHealthReporting
{
    /// <summary>
    /// What is wrong now; empty when all is well. Cheap: it tells what is known from the work that goes on, or asks something that
    /// is answered at once, never a scan. What takes longer than <c>HealthOptions.CheckTimeout</c> is itself reported.
    /// </summary>
    ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation);
}
