using Carillon.Durability;
using Carillon.Relaying;
using Carillon.Subscribing;
using Carillon.Transports;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.Hosting;

/// <summary>The outbox of a running service and the relay that empties it. The outbox itself belongs to the host's container.</summary>
internal sealed class ServiceRelay(string service, IOutbox outbox, OutboxOptions options) : IAsyncDisposable
{
    private ITransportSender? _intake;
    private SubscriptionPump? _pump;
    private OutboxAge? _age;

    /// <summary>The relay while it runs.</summary>
    public SubscriptionPump? Pump => _pump;

    /// <summary>Makes sure that the outbox keeps what the service publishes from now on, and opens the way into it.</summary>
    public async ValueTask<ITransportSender> OpenAsync(CancellationToken cancellation)
    {
        await outbox.EnsureTopologyAsync(new Topology(service, [RelayFactory.TopologyOf(service)]), cancellation);
        return _intake = await outbox.OpenSenderAsync(cancellation);
    }

    /// <summary>Begins to send.</summary>
    public async ValueTask StartAsync(RelayFactory factory, ITransportSender sender, string instance, Func<IOutbox, OutboxAge> watch, CancellationToken cancellation)
    {
        _age = watch(outbox);
        _pump = factory.Create(await outbox.OpenReceiverAsync(RelayFactory.TopologyOf(service), cancellation), sender, instance);
        await _pump.StartAsync(cancellation);
    }

    /// <summary>Finishes what is being sent until <paramref name="grace"/> is over; the rest stays in the outbox.</summary>
    public async ValueTask StopAsync(CancellationToken grace)
    {
        if (Interlocked.Exchange(ref _pump, null) is { } pump)
            await pump.StopAsync(grace);
    }

    /// <summary>What is wrong, or nothing.</summary>
    public async ValueTask<ServiceHealth> CheckAsync(CancellationToken cancellation)
    {
        try
        {
            var age = _age is { } watch ? await watch.ReadAsync(cancellation) : TimeSpan.Zero;
            return age <= options.DegradedAfter ? ServiceHealth.Healthy : new ServiceHealth(
                HealthStatus.Degraded, $"The oldest message in the outbox of {service} has waited for {age.TotalSeconds:F0} s to be sent.");
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return new ServiceHealth(HealthStatus.Unhealthy, $"The outbox of {service} cannot be asked: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _pump, null) is { } pump)
            await pump.DisposeAsync();
        if (Interlocked.Exchange(ref _age, null) is { } age)
            await age.DisposeAsync();
        if (Interlocked.Exchange(ref _intake, null) is { } intake)
            await intake.DisposeAsync();
    }
}
