using Carillon.Subscribing;
using Carillon.Transports;

namespace Carillon.Hosting;

/// <summary>A subscription that is received while the service runs.</summary>
internal sealed class SubscriptionPart(
    string name, ServiceStage stage, Func<CancellationToken, ValueTask<ITransportReceiver>> open, Func<ITransportReceiver, SubscriptionPump> create) : IServicePart
{
    private ITransportReceiver? _receiver;
    private SubscriptionPump? _pump;

    public string Name => $"subscription {name}";

    public ServiceStage Stage => stage;

    /// <summary>How many messages are held in memory.</summary>
    public int InFlight => _pump?.InFlight ?? 0;

    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        _receiver = await open(cancellation);
        _pump = create(_receiver);
        await _pump.StartAsync(cancellation);
    }

    public async ValueTask StopAsync(CancellationToken deadline)
    {
        if (_pump is not null)
            await _pump.StopAsync(deadline);
        else if (_receiver is not null)
            await _receiver.DisposeAsync();
    }

    public async ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation)
    {
        var findings = new List<HealthFinding>();
        if (_pump is { StoppedKeys: > 0 } pump)
            findings.Add(new HealthFinding(HealthSeverity.Degraded, $"{pump.StoppedKeys} keys of {pump.Name} stand still at a message that keeps failing."));
        findings.AddRange(await HealthReports.AskAsync([_receiver], cancellation));
        return findings;
    }
}
