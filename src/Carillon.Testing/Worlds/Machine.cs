using Carillon.Durability;
using Carillon.Hosting;
using Carillon.Parking;
using Carillon.Routing;
using Carillon.Scheduling;
using Carillon.Testing.Faults;
using Carillon.Testing.Histories;
using Carillon.Testing.Network;
using Carillon.Testing.Processes;
using Carillon.Testing.Stores;
using Carillon.Testing.Tracing;
using Carillon.Testing.Transports;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Testing.Worlds;

/// <summary>A place where one instance of a service runs: one process after the other, as an orchestrator would have it.</summary>
internal sealed class Machine(SimulatedWorld world, ServiceDefinition definition, string name)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    // What a transport needs to say good-bye to a server that does not answer.
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(8);

    private readonly List<TaskCompletionSource> _requests = [];
    private readonly List<SimulatedTransport> _transports = [];
    private SimulatedProcess? _process;
    private IServiceProvider? _services;
    private IHostedService[] _hosted = [];
    private bool _isStopped;
    private int _version = definition.Newest;

    /// <summary>What people call it.</summary>
    public string Name => name;

    /// <summary>The service.</summary>
    public string Service => definition.Name;

    /// <summary>The process that runs, or null between two of them.</summary>
    public SimulatedProcess? Process => _process;

    /// <summary>Whether the process has started wholly and takes requests.</summary>
    public bool IsReady { get; private set; }

    /// <summary>The transports of the process that runs, or ran last.</summary>
    public IReadOnlyList<SimulatedTransport> Transports => _transports;

    /// <summary>The number of the version that is to run.</summary>
    public int Version => _version;

    /// <summary>The number of the newest version that there is.</summary>
    public int Newest => definition.Newest;

    /// <summary>Whether some versions handle together all that the newest one handles.</summary>
    public bool IsCoveredBy(IEnumerable<int> versions) => versions.SelectMany(definition.HandledBy).ToHashSet().IsSupersetOf(definition.HandledBy(Newest));

    /// <summary>From now on another version runs. A process that has started is stopped cleanly for it, one that is about to start is killed.</summary>
    public void Deploy(int version)
    {
        if (_version == version)
            return;
        _version = version;
        world.Trace.Write(name, $"is to run version {version + 1}");
        if (IsReady)
            world.Run(() => RestartAsync(Grace));
        else
            _process?.Kill();
    }

    /// <summary>Starts a process.</summary>
    public void Start()
    {
        _transports.Clear();
        var process = world.CreateProcess(name);
        _process = process;
        process.OnEnd(() => End(process));
        world.Trace.Write(name, "starts");
        process.Run(() => StartAsync(process), error => Fail(process, error));
    }

    /// <summary>Has something done in the process, as a request from outside would.</summary>
    /// <exception cref="Exception">What the work threw, or that the process died meanwhile.</exception>
    public async Task RequestAsync(Func<IServiceProvider, Task> work)
    {
        var request = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Add(request);
        _process!.Run(
            async () =>
            {
                await work(_services!);
                request.TrySetResult();
            },
            error => request.TrySetException(error));
        try
        {
            await request.Task;
        }
        finally
        {
            _requests.Remove(request);
        }
    }

    /// <summary>Stops the process cleanly, for good.</summary>
    public async Task StopAsync()
    {
        _isStopped = true;
        await StopAsync(Grace);
    }

    /// <summary>Stops the process cleanly; another one follows.</summary>
    public async Task RestartAsync(TimeSpan grace)
    {
        try
        {
            await StopAsync(grace);
        }
        catch (ProcessEndedException)
        {
            // It died while it stopped; another one follows all the same.
        }
    }

    private async Task StopAsync(TimeSpan patience)
    {
        world.Trace.Write(name, "stops");
        IsReady = false;
        var process = _process!;
        var (pauses, hasStopped) = (process.Pauses, false);
        if (!process.IsPaused)
            world.Later(patience + StopMargin, () => RefuseLateStop(process, hasStopped, patience, pauses));
        await RequestAsync(async _ =>
        {
            using var grace = new CancellationTokenSource(patience, process.Clock);
            foreach (var service in _hosted.OfType<IHostedLifecycleService>().Reverse())
                await service.StoppingAsync(grace.Token);
            foreach (var service in Enumerable.Reverse(_hosted))
                await service.StopAsync(grace.Token);
            foreach (var service in _hosted.OfType<IHostedLifecycleService>().Reverse())
                await service.StoppedAsync(grace.Token);
        });
        hasStopped = true;
        if (world.NextLingering() is { Ticks: > 0 } lingering)
            await world.WaitAsync(lingering);
        process.Kill();
    }

    /// <summary>Ends the process at once, for good.</summary>
    public void End()
    {
        _isStopped = true;
        _process?.Kill();
    }

    // A process that stood still meanwhile, or that is killed, cannot keep its time.
    private void RefuseLateStop(SimulatedProcess process, bool hasStopped, TimeSpan patience, int pauses)
    {
        if (!hasStopped && process.IsAlive && process.Pauses == pauses && !process.IsPaused)
            world.Report("G7: a stop ends within its grace time", $"{name} had {patience.TotalSeconds:F3} s to stop, and has not {StopMargin.TotalSeconds:F0} s after that");
    }

    private async Task StartAsync(SimulatedProcess process)
    {
        _services = Build(process);
        _hosted = [.. _services.GetServices<IHostedService>()];
        foreach (var service in _hosted.OfType<IHostedLifecycleService>())
            await service.StartingAsync(CancellationToken.None);
        foreach (var service in _hosted)
            await service.StartAsync(CancellationToken.None);
        foreach (var service in _hosted.OfType<IHostedLifecycleService>())
            await service.StartedAsync(CancellationToken.None);
        IsReady = true;
        world.Trace.Write(name, "is ready");
    }

    private ServiceProvider Build(SimulatedProcess process)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(process.Clock);
        services.AddSingleton<Random>(process.Random);
        services.AddSingleton<ILoggerFactory>(new TraceLoggerFactory(world.Trace, name));
        services.AddCarillon(definition.Name, carillon => Configure(carillon, process));
        return services.BuildServiceProvider();
    }

    private void Configure(ICarillonBuilder carillon, SimulatedProcess process)
    {
        var version = _version;
        var store = world.Servers.StoreOf(definition.Name);
        var toStore = new SimulatedLink(process, store.Server, world.Faults);
        var toTransport = new SimulatedLink(process, world.Servers.TransportServer, world.Faults);
        carillon.UseTransport("simulation", _ => Add(new SimulatedTransport(toTransport, world.Servers.Log, isOutbox: false, world.TransportOptions)));
        carillon.UseStorePart<IUnitOfWorkStore>(_ => new SimulatedUnitOfWorkStore(toStore, store.Database));
        carillon.UseStorePart<ISchedule>(_ => new SimulatedSchedule(toStore, store.Database));
        carillon.UseStorePart<IParkingStore>(_ => new SimulatedParkingStore(toStore, store.Database));
        if (store.Outbox is { } outbox)
            carillon.UseStorePart<IOutbox>(_ => Add(new SimulatedTransport(toStore, outbox, isOutbox: true, world.TransportOptions)));
        carillon.Services.AddSingleton(_ => new SimulatedConnections(toStore, store.Database));
        carillon.Use(new HistoryMiddleware(world.History, world.Trace, process, (subscription, envelope) => definition.Handles(version, subscription, envelope)).InvokeAsync);
        carillon.Use(new HandlerFaultMiddleware(world.HandlerFaults, process).InvokeAsync);
        carillon.Subscription(static subscription => subscription.Retries.DoNotRetry<FinalFailureException>());
        definition.Versions[version](carillon);
        foreach (var handler in ((CarillonBuilder)carillon).Handlers.Where(static handler => !handler.IsLocal))
        {
            Declare((CarillonBuilder)carillon, definition.NameOf(handler), handler.IsBatch ? [] : PlannedHandler.Of(handler).Scopes);
            if (handler.Delivery == DeliveryGuarantee.AtMostOnceMayLose)
                world.History.DeclareLosing(definition.NameOf(handler));
        }
    }

    private SimulatedTransport Add(SimulatedTransport transport)
    {
        _transports.Add(transport);
        world.Add(transport);
        return transport;
    }

    private void Declare(CarillonBuilder carillon, string subscription, IEnumerable<HandlerScope> scopes)
    {
        var options = new SubscriptionOptions();
        foreach (var choice in carillon.Subscriptions.Where(choice => choice.Name is null || choice.Name == subscription).OrderBy(choice => choice.Name is not null))
            choice.Configure(options);
        foreach (var scope in scopes.Where(scope => definition.HandledBy(Newest).Contains((subscription, scope))))
            world.History.Declare(subscription, scope);
        if (options.UnhandledTypes == UnhandledTypes.Ignore)
            world.History.DeclareIgnoring(subscription, null);
        foreach (var pattern in options.UnhandledTypes == UnhandledTypes.ByTopic ? definition.PatternsOf(carillon, subscription) : [])
            world.History.DeclareIgnoring(subscription, pattern);
        if (options.DeadLetters == DeadLetterPolicy.Skip)
            world.History.DeclareSkipping(subscription);
        world.History.DeclareRoom(subscription, options.MaxInFlight);
        world.History.DeclareRoom(definition.Name + ":outbox", carillon.Options<OutboxOptions>().MaxInFlight);
    }

    private void Fail(SimulatedProcess process, Exception error)
    {
        // As the orchestrator sees it: a process that could not start has ended, and is started again.
        world.Trace.Write(name, $"cannot start: {error.Message}");
        if (error is not (IOException or CarillonException { Code: ErrorCodes.PublishFailed }))
            world.Report("it starts", $"{name} cannot start: {error}");
        process.Kill();
    }

    private void End(SimulatedProcess process)
    {
        IsReady = false;
        _process = null;
        _services = null;
        world.Trace.Write(name, _isStopped ? "has stopped" : "is dead");
        foreach (var request in _requests.ToArray())
            request.TrySetException(new ProcessEndedException(name));
        world.Forget(process);
        if (!_isStopped)
            world.Later(world.NextRestart(), Start);
    }
}
