using Carillon.Durability;
using Carillon.Parking;
using Carillon.Routing;
using Carillon.Scheduling;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting;

/// <summary>What was configured for one service, before anything of it exists.</summary>
internal sealed class CarillonBuilder(string service, IServiceCollection services) : ICarillonBuilder
{
    private readonly Dictionary<Type, object> _options = [];

    public string Service { get; } = ServiceName.Check(service, "service");

    public IServiceCollection Services => services;

    public bool HasOutbox => services.Any(known => known.ServiceType == typeof(IOutbox) && Equals(known.ServiceKey, Service));

    public List<HandlerDefinition> Handlers { get; } = [];

    public List<MessageDefinition> Messages { get; } = [];

    public List<(string Name, Func<IServiceProvider, ITransport> Create)> Transports { get; } = [];

    public List<Func<IServiceProvider, IEventMiddleware>> Middleware { get; } = [];

    public List<(string Section, Action<SettingsReader> Read)> Settings { get; } = [];

    /// <summary>What configures subscriptions, in order: for one of them by its own name, or for all when the name is null.</summary>
    public List<SubscriptionChoice> Subscriptions { get; } = [];

    public ICarillonBuilder AddHandler(HandlerDefinition handler)
    {
        Handlers.Add(handler);
        return this;
    }

    public ICarillonBuilder AddMessage(MessageDefinition message)
    {
        Messages.Add(message);
        return this;
    }

    public TOptions Options<TOptions>()
        where TOptions : class, new()
    {
        if (!_options.TryGetValue(typeof(TOptions), out var options))
            _options[typeof(TOptions)] = options = new TOptions();
        return (TOptions)options;
    }

    public ICarillonBuilder UseTransport(string name, Func<IServiceProvider, ITransport> create)
    {
        Transports.Add((name, create));
        return this;
    }

    public ICarillonBuilder UseParkingStore<TStore>(Func<IServiceProvider, TStore> create)
        where TStore : class, IParkingStore, IDeadLetters
    {
        Services.AddKeyedSingleton<IParkingStore>(Service, (provider, _) => create(provider));
        Services.AddKeyedSingleton(Service, (provider, key) => (IDeadLetters)provider.GetRequiredKeyedService<IParkingStore>(key));
        return this;
    }

    public ICarillonBuilder UseUnitOfWorkStore(Func<IServiceProvider, IUnitOfWorkStore> create)
    {
        Services.AddKeyedSingleton(Service, (provider, _) => create(provider));
        return this;
    }

    public ICarillonBuilder UseOutbox(Func<IServiceProvider, IOutbox> create)
    {
        Services.AddKeyedSingleton(Service, (provider, _) => create(provider));
        return this;
    }

    public ICarillonBuilder UseSchedule(Func<IServiceProvider, ISchedule> create)
    {
        Services.AddKeyedSingleton(Service, (provider, _) => create(provider));
        return this;
    }

    public ICarillonBuilder ReadSettings(string section, Action<SettingsReader> read)
    {
        Settings.Add((section, read));
        return this;
    }
}
