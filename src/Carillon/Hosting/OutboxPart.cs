using Carillon.Durability;
using Carillon.Relaying;
using Carillon.Transports;

namespace Carillon.Hosting;

/// <summary>The way into a service's outbox. The outbox itself belongs to the host's container.</summary>
internal sealed class OutboxPart(string service, IOutbox outbox, OutboxOptions options, Func<OutboxAge> watch) : IServicePart
{
    private ITransportSender? _intake;
    private OutboxAge? _age;

    public string Name => $"the outbox of {service}";

    public ServiceStage Stage => ServiceStage.Connecting;

    /// <summary>Where everything goes that the service publishes, once the outbox is open.</summary>
    public ITransportSender Intake => _intake!;

    /// <summary>Makes sure that the outbox keeps what the service publishes from now on, and opens the way into it.</summary>
    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        await outbox.EnsureTopologyAsync(new Topology(service, [RelayFactory.TopologyOf(service)]), cancellation);
        _intake = await outbox.OpenSenderAsync(cancellation);
        _age = watch();
    }

    public async ValueTask StopAsync(CancellationToken deadline)
    {
        if (_age is not null)
            await _age.DisposeAsync();
        if (_intake is not null)
            await _intake.DisposeAsync();
    }

    public async ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation)
    {
        try
        {
            var waited = _age is null ? TimeSpan.Zero : await _age.ReadAsync(cancellation);
            return waited <= options.DegradedAfter ? HealthReports.None : [new HealthFinding(
                HealthSeverity.Degraded, $"The oldest message in the outbox of {service} has waited for {waited.TotalSeconds:F0} s to be sent.")];
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return [new HealthFinding(HealthSeverity.Unhealthy, $"The outbox of {service} cannot be asked: {error.Message}") { Error = error }];
        }
    }
}
