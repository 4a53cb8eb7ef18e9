using Carillon.Diagnostics;
using Carillon.Durability;
using Carillon.Events;
using Carillon.Parking;
using Carillon.Publishing;
using Carillon.Relaying;
using Carillon.Routing;
using Carillon.Scheduling;
using Carillon.Serialization;
using Carillon.Subscribing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Hosting;

/// <summary>Makes the parts of one service out of what was configured, and refuses what cannot work before anything is opened.</summary>
internal sealed class ServiceParts
{
    private readonly CarillonBuilder _builder;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly EnvelopeLimits _limits;
    private readonly JsonMessageSerializer _serializer;
    private readonly MessageCatalog _catalog;
    private readonly EnvelopeFactory _envelopes;
    private readonly LocalHandlers _localHandlers;
    private readonly UnitsOfWork _units;
    private readonly IUnitOfWorkStore? _store;

    public ServiceParts(CarillonBuilder builder, IServiceProvider services, ILogger logger)
    {
        _builder = builder;
        _services = services;
        _logger = logger;
        _time = services.GetRequiredService<TimeProvider>();
        _random = services.GetRequiredService<Random>();
        Subscriptions = SubscriptionsOf(builder);
        ServiceSettings.Apply(builder, services.GetRequiredService<HostedServices>(), Subscriptions, services.GetService<IConfiguration>());
        Subscriptions.Validate();
        Plans = new SubscriptionPlanner(builder.Service, Subscriptions).Plan(builder.Handlers);
        _store = services.GetKeyedService<IUnitOfWorkStore>(builder.Service);
        if (_store is null && Plans.FirstOrDefault(plan => plan.HasExactlyOnce) is { } wanting)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"Subscription {wanting.Name} handles messages exactly once, and service {builder.Service} has no store for units of work: choose a transport that is one too, such as UseSqlite.");
        }

        _limits = builder.Options<EnvelopeLimits>();
        _serializer = new JsonMessageSerializer(builder.Options<MessageJsonOptions>(), _limits);
        Ids = new EventIdSource(_time, _random);
        Batcher = new PublishBatcher(builder.Options<PublisherOptions>()) { Sending = new RecurringFailure(_time) };
        _envelopes = new EnvelopeFactory(builder.Service, Ids, _time, _limits);
        Schedule = new ServiceSchedule(builder.Service, _time);
        OpenUnits = services.GetRequiredKeyedService<OpenUnitsOfWork>(builder.Service);
        _units = new UnitsOfWork(builder.Service, _store, builder.Options<PublisherOptions>(), OpenUnits, Schedule.Changed.Set, Batcher.DemandRunning);
        _localHandlers = new LocalHandlers(builder.Handlers);
        _catalog = new MessageCatalog(builder.Messages.Concat(builder.Handlers.Select(handler => handler.Message).OfType<MessageDefinition>()));
        foreach (var definition in _catalog.Registered)
            _serializer.Verify(definition);
        var delayed = new DelayedPublisher(builder.Service, Schedule, Batcher, _units, _time);
        Bus = new EventBus(_catalog, _serializer, _envelopes, Batcher, _units, delayed);
    }

    public SubscriptionCatalog Subscriptions { get; }

    /// <summary>The units of work that nobody has disposed.</summary>
    public OpenUnitsOfWork OpenUnits { get; }

    public IReadOnlyList<SubscriptionPlan> Plans { get; }

    public EventIdSource Ids { get; }

    public PublishBatcher Batcher { get; }

    public EventBus Bus { get; }

    public ServiceSchedule Schedule { get; }

    private IDeadLetters DeadLetters => _services.GetRequiredKeyedService<IDeadLetters>(_builder.Service);

    public LocalEventBus OpenLocalBus(IServiceProvider scope) => new(_builder.Service, _localHandlers, _catalog, _envelopes, Bus, scope);

    /// <summary>Makes the schedule that was chosen, or one in memory.</summary>
    /// <exception cref="CarillonConfigurationException">Units of work have a store, and what they schedule would never leave it.</exception>
    public ISchedule CreateSchedule() => _services.GetKeyedService<ISchedule>(_builder.Service) ?? (_store is null
        ? new InMemorySchedule(Batcher, _time, _logger)
        : throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
            $"Service {_builder.Service} has a store for units of work, but no schedule in it: choose it with {nameof(ICarillonBuilder.UseStorePart)}<{nameof(ISchedule)}>."));

    /// <summary>Makes what publishes the scheduled messages.</summary>
    public ScheduleWorker CreateScheduleWorker() => new(_builder.Service, Schedule, Schedule.Changed, _time, _logger);

    public RelayFactory CreateRelayFactory(IParkingStore store) =>
        new(_builder.Service, _builder.Options<OutboxOptions>(), store, DeadLetters, _time, _random, _logger);

    public SubscriptionPumpFactory CreatePumpFactory(IParkingStore store, string system) => new(
        Bus,
        _units,
        new EnvelopeInspector(_limits, _time),
        _serializer,
        HandlerPipeline.Compose([.. _builder.Middleware.Select(create => create(_services))], system),
        store,
        DeadLetters,
        _services.GetRequiredService<IServiceScopeFactory>(),
        _time,
        _random,
        _logger);

    private static SubscriptionCatalog SubscriptionsOf(CarillonBuilder builder)
    {
        var names = builder.SubscriptionNames.ToArray();
        var catalog = new SubscriptionCatalog(names);
        foreach (var choice in builder.Subscriptions.OrderBy(choice => choice.Name is not null))
        {
            foreach (var name in choice.Name is { } one ? [one] : names)
                choice.Configure(catalog.For(name));
        }

        return catalog;
    }
}
