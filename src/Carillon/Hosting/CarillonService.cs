using Carillon.Parking;
using Carillon.Publishing;
using Carillon.Scheduling;
using Carillon.Subscribing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Hosting;

/// <summary>
/// One running service: its bus, its transport and its subscriptions, brought up and taken down in the right order. The host starts
/// all senders before anything receives, and stops all receivers before any sender.
/// </summary>
internal sealed class CarillonService : IHostedLifecycleService, IAsyncDisposable
{
    private readonly CarillonBuilder _builder;
    private readonly IServiceProvider _services;
    private readonly ServiceParts _parts;
    private readonly ILogger _logger;
    private readonly List<SubscriptionPump> _pumps = [];
    private ITransport? _transport;
    private ITransportSender? _sender;
    private ServiceRelay? _relay;
    private ScheduleWorker? _scheduleWorker;

    public CarillonService(CarillonBuilder builder, IServiceProvider services)
    {
        _builder = builder;
        _services = services;
        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Carillon");
        _parts = new ServiceParts(builder, services, _logger);
    }

    /// <summary>The service's bus. It refuses to work before the host has started and after it has stopped.</summary>
    public EventBus Bus => _parts.Bus;

    /// <summary>How many messages the subscriptions hold in memory.</summary>
    public int InFlight => _pumps.Sum(pump => pump.InFlight);

    /// <summary>How many messages of the outbox the relay holds in memory.</summary>
    public int InRelay => _relay?.Pump?.InFlight ?? 0;

    /// <summary>Says what is wrong with the service; nothing when all is well.</summary>
    public async ValueTask<IReadOnlyList<ServiceHealth>> CheckHealthAsync(CancellationToken cancellation)
    {
        if (_transport is null)
            return [new ServiceHealth(HealthStatus.Unhealthy, $"Service {_builder.Service} does not run.")];
        var findings = _pumps.Append(_relay?.Pump).Where(pump => pump is { StoppedKeys: > 0 }).Select(pump => new ServiceHealth(
            HealthStatus.Degraded, $"{pump!.StoppedKeys} keys of {pump.Name} stand still at a message that keeps failing.")).ToList();
        if (_relay is { } relay && await relay.CheckAsync(cancellation) is { Finding: not null } finding)
            findings.Add(finding);
        return findings;
    }

    /// <summary>Opens the local bus of a scope.</summary>
    public LocalEventBus OpenLocalBus(IServiceProvider scope) => _parts.OpenLocalBus(scope);

    /// <summary>Connects, makes sure that everything exists in the transport, and lets the bus work.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _transport = CreateTransport();
        await _transport.EnsureTopologyAsync(new Topology(_builder.Service, [.. _parts.Plans.Select(plan => plan.Topology)]), cancellationToken);
        _sender = await _transport.OpenSenderAsync(cancellationToken);
        _relay = _parts.CreateRelay();
        await _parts.Batcher.StartAsync(_relay is null ? _sender : await _relay.OpenAsync(cancellationToken));
        _parts.Schedule.Open(_parts.CreateSchedule());
        HostingLog.Started(_logger, _builder.Service, _transport.Capabilities.Name, _parts.Plans.Count);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins to receive, when everything else of the host has started.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var store = _services.GetRequiredKeyedService<IParkingStore>(_builder.Service);
        if (_relay is not null)
            await _relay.StartAsync(_parts.CreateRelayFactory(store), _sender!, _parts.Ids.Next().ToString(), _parts.WatchOutbox, cancellationToken);
        var factory = _parts.CreatePumpFactory(store, _transport!.Capabilities.System);
        foreach (var plan in _parts.Plans)
        {
            var receiver = await _transport.OpenReceiverAsync(plan.Topology, cancellationToken);
            var pump = factory.Create(plan, _parts.Subscriptions.For(plan.Name), receiver, _parts.Ids.Next().ToString());
            _pumps.Add(pump);
            await pump.StartAsync(cancellationToken);
        }

        _scheduleWorker = _parts.CreateScheduleWorker();
        _scheduleWorker.Start();
    }

    /// <summary>Receives no more and lets running handlers finish, while the bus still works for them (G7).</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_pumps.Select(pump => pump.StopAsync(cancellationToken).AsTask()));
        _pumps.Clear();
        if (Interlocked.Exchange(ref _scheduleWorker, null) is { } worker)
            await worker.StopAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what was accepted, then lets go of the transport.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _parts.Schedule.Close(_logger);
        await _parts.Batcher.StopAsync(cancellationToken);
        if (_relay is not null)
            await _relay.StopAsync(cancellationToken);
        await DisposeAsync();
        HostingLog.Stopped(_logger, _builder.Service);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pump in _pumps)
            await pump.DisposeAsync();
        _pumps.Clear();
        if (Interlocked.Exchange(ref _scheduleWorker, null) is { } worker)
            await worker.DisposeAsync();
        if (Interlocked.Exchange(ref _relay, null) is { } relay)
            await relay.DisposeAsync();
        if (Interlocked.Exchange(ref _sender, null) is { } sender)
            await sender.DisposeAsync();
        if (Interlocked.Exchange(ref _transport, null) is { } transport)
            await transport.DisposeAsync();
    }

    private ITransport CreateTransport() => _builder.Transports switch
    {
        [var (_, create)] => create(_services),
        [] => throw new CarillonConfigurationException(ErrorCodes.TransportMissing,
            $"Service {_builder.Service} has no transport: choose one in AddCarillon, such as UseInMemory() or UseSqlite(\"Data Source=events.db\")."),
        var several => throw new CarillonConfigurationException(ErrorCodes.TransportMissing,
            $"Service {_builder.Service} has several transports ({string.Join(", ", several.Select(transport => transport.Name))}): choose one."),
    };
}
