using System.Globalization;
using Carillon.Diagnostics;
using Carillon.Subscribing;
using Carillon.Transports;

namespace Carillon.Hosting;

/// <summary>A subscription that is received while the service runs.</summary>
internal sealed class SubscriptionPart(
    string name,
    ServiceStage stage,
    Func<CancellationToken, ValueTask<ITransportReceiver>> open,
    Func<ITransportReceiver, SubscriptionPump> create,
    IDeadLetters deadLetters,
    HealthOptions health) : IServicePart
{
    private ITransportReceiver? _receiver;
    private SubscriptionPump? _pump;

    public string Name => $"subscription {name}";

    public ServiceStage Stage => stage;

    /// <summary>How many messages are held in memory.</summary>
    public int InFlight => _pump?.InFlight ?? 0;

    /// <summary>Learns of what was replayed by now.</summary>
    public ValueTask LearnAsync(CancellationToken cancellation) => _pump?.LearnAsync(cancellation) ?? ValueTask.CompletedTask;

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

    public async ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation) =>
    [
        .. _pump?.CheckHealth(health) ?? [],
        .. await HealthReports.AskAsync([_receiver], cancellation),
        .. await CheckStoppedKeysAsync(cancellation),
        .. await CheckDeadLettersAsync(cancellation),
    ];

    private async ValueTask<IReadOnlyList<HealthFinding>> CheckStoppedKeysAsync(CancellationToken cancellation)
    {
        if (_pump is not { StoppedKeys: > 0 and var standing })
            return [];
        var query = new DeadLetterQuery { Subscription = name, Code = ErrorCodes.KeyStopped, Limit = 1 };
        if (await deadLetters.ListAsync(query, cancellation) is not [var first])
            return [];
        var keys = standing == 1 ? "1 key stands" : string.Create(CultureInfo.InvariantCulture, $"{standing} keys stand");
        var (envelope, handler) = (first.Envelope, first.Attempts is [.., var last] ? last.Handler : null);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{name}: {keys} still at a message that keeps failing, the first since {first.ParkedAt:u}: key {new LogText(envelope.Key)} at message {new LogText(envelope.Id.ToString())} ({new LogText(envelope.Type)}) in {new LogText(handler)} ({new LogText(first.Reason)}). It is tried again by itself: mend what it needs, or discard dead letter {first.Id}.");
        return [new HealthFinding(HealthSeverity.Degraded, text) { Since = first.ParkedAt }];
    }

    private async ValueTask<IReadOnlyList<HealthFinding>> CheckDeadLettersAsync(CancellationToken cancellation)
    {
        // What is tried again by itself is told by the pump.
        var query = new DeadLetterQuery { Subscription = name, ExceptCode = ErrorCodes.KeyStopped, Limit = 1 };
        if (health.DeadLetters == HealthImpact.None || await deadLetters.ListAsync(query, cancellation) is not [var oldest])
            return [];
        var text = string.Create(CultureInfo.InvariantCulture, $"{name} has dead letters, the oldest since {oldest.ParkedAt:u}: message {new LogText(oldest.Envelope.Id.ToString())} ({oldest.Code}: {new LogText(oldest.Reason)}). Replay or discard them.");
        return [new HealthFinding(health.DeadLetters == HealthImpact.Unhealthy ? HealthSeverity.Unhealthy : HealthSeverity.Degraded, text) { Since = oldest.ParkedAt }];
    }
}
