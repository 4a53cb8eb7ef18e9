using Carillon.Diagnostics;
using Carillon.Publishing;
using Carillon.Signalling;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Hosting;

/// <summary>
/// One running service: its bus and its parts, brought up and taken down stage by stage. The host starts all senders before anything receives,
/// and stops all receivers before any sender. The place to start reading about hosting.
/// </summary>
internal sealed class CarillonService : IHostedLifecycleService, IAsyncDisposable
{
    // Longer than a subscription takes to leave behind what hangs in it, so that it can say what that is.
    private static readonly TimeSpan PatienceWithParts = TimeSpan.FromSeconds(2.5);

    private readonly string _service;
    private readonly ServiceParts _parts;
    private readonly ServiceAssembly _assembly;
    private readonly TimeProvider _time;
    private readonly ServiceHealth _health;
    private readonly ILogger _logger;
    private readonly List<IServicePart> _running = [];
    private readonly List<string> _abandoned = [];
    private IReadOnlyList<IServicePart> _all = [];

    public CarillonService(CarillonBuilder builder, IServiceProvider services)
    {
        _service = builder.Service;
        _time = services.GetRequiredService<TimeProvider>();
        _logger = UnfailingLogger.Create(services.GetRequiredService<ILoggerFactory>(), "Carillon");
        _parts = new ServiceParts(builder, services, _logger);
        _health = new ServiceHealth(builder.Options<HealthOptions>(), _time);
        _assembly = new ServiceAssembly(builder, services, _parts, _time, _logger);
    }

    /// <summary>The service's bus. It refuses to work before the host has started and after it has stopped.</summary>
    public EventBus Bus => _parts.Bus;

    /// <summary>The service's transport.</summary>
    /// <exception cref="CarillonException">It is not connected.</exception>
    public ITransport Transport => _assembly.Transport;

    /// <summary>How many messages the subscriptions hold in memory.</summary>
    public int InFlight => InFlightOf(ServiceStage.Receiving);

    /// <summary>How many messages of the outbox the relay holds in memory.</summary>
    public int InRelay => InFlightOf(ServiceStage.Relaying);

    /// <summary>Says what is wrong with the service; nothing when all is well.</summary>
    public async ValueTask<IReadOnlyList<PartFinding>> CheckHealthAsync(CancellationToken cancellation)
    {
        var running = Running();
        return running.Length == 0 || running.Length < _all.Count
            ? [new PartFinding("the service", new HealthFinding(HealthSeverity.Unhealthy, $"Service {_service} does not run."))]
            : await _health.CheckAsync(running, cancellation);
    }

    /// <summary>Has the subscriptions learn of what was replayed by now.</summary>
    public async ValueTask LearnAsync(CancellationToken cancellation)
    {
        foreach (var part in Running().OfType<SubscriptionPart>())
            await part.LearnAsync(cancellation);
    }

    /// <summary>Opens the local bus of a scope.</summary>
    public LocalEventBus OpenLocalBus(IServiceProvider scope) => _parts.OpenLocalBus(scope);

    /// <summary>Connects, makes sure that everything exists in the transport, and lets the bus work.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _all = _assembly.CreateParts();
        await StartAsync(ServiceStage.Connecting, ServiceStage.Publishing, cancellationToken);
        HostingLog.Started(_logger, _service, _assembly.TransportName, _parts.Plans.Count == 1 ? "1 subscription" : FormattableString.Invariant($"{_parts.Plans.Count} subscriptions"));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins to receive, when everything else of the host has started.</summary>
    public Task StartedAsync(CancellationToken cancellationToken) => StartAsync(ServiceStage.Relaying, ServiceStage.Receiving, cancellationToken);

    /// <summary>Receives no more and lets running handlers finish, while the bus still works for them (G7).</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => StopAsync(ServiceStage.Receiving, ServiceStage.Working, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what was accepted, then lets go of the transport.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await StopAsync(ServiceStage.Relaying, ServiceStage.Connecting, cancellationToken);
        if (_abandoned.Count == 0)
            HostingLog.Stopped(_logger, _service);
        else
            HostingLog.StoppedWithout(_logger, _service, string.Join(", ", _abandoned));
    }

    /// <summary>Ends what still runs when the host did not start, or was not stopped: at once, what does not end is left behind.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(ServiceStage.Receiving, ServiceStage.Connecting, new CancellationToken(canceled: true));

    private async Task StartAsync(ServiceStage first, ServiceStage last, CancellationToken cancellation)
    {
        foreach (var part in _all.Where(part => part.Stage >= first && part.Stage <= last))
        {
            lock (_running)
                _running.Add(part);
            var starting = BeginAsync(part, cancellation);
            await starting.WaitAsync(cancellation);
        }
    }

    private async Task StopAsync(ServiceStage first, ServiceStage last, CancellationToken deadline)
    {
        using var steps = new StopSteps(_time, PatienceWithParts, deadline);
        for (var stage = first; stage >= last; stage--)
            await StopAsync(stage, steps);
        _abandoned.AddRange(steps.Abandoned);
        foreach (var error in steps.Errors)
            HostingLog.StopFailed(_logger, _service, error);
    }

    private async Task StopAsync(ServiceStage stage, StopSteps steps)
    {
        await Task.WhenAll(Running().Where(part => part.Stage == stage).Select(part => steps.TakeAsync(part.Name, part.StopAsync).AsTask()));
        lock (_running)
            _running.RemoveAll(part => part.Stage == stage);
    }

    private IServicePart[] Running()
    {
        lock (_running)
            return [.. _running];
    }

    private int InFlightOf(ServiceStage stage) => _all.OfType<SubscriptionPart>().Where(part => part.Stage == stage).Sum(part => part.InFlight);

    // The yield lets go of the caller's thread: also a part that blocks it cannot keep a start from being given up.
    private static async Task BeginAsync(IServicePart part, CancellationToken cancellation)
    {
        await Task.Yield();
        await part.StartAsync(cancellation);
    }
}
