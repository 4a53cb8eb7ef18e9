using Carillon.Routing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting;

/// <summary>What was configured for one service, before anything of it exists.</summary>
internal sealed class CarillonBuilder(string service, IServiceCollection services) : ICarillonBuilder
{
    private readonly Dictionary<Type, object> _options = [];

    public string Service { get; } = ServiceName.Check(service, "service");

    public IServiceCollection Services => services;

    public List<HandlerDefinition> Handlers { get; } = [];

    /// <summary>The full names of the subscriptions that handlers belong to.</summary>
    public IEnumerable<string> SubscriptionNames => Handlers.Where(handler => !handler.IsLocal)
        .Select(handler => handler.Subscription is null ? Service : $"{Service}.{handler.Subscription}")
        .Distinct(StringComparer.Ordinal);

    public List<MessageDefinition> Messages { get; } = [];

    public List<(string Name, Func<IServiceProvider, ITransport> Create)> Transports { get; } = [];

    public List<Func<IServiceProvider, IEventMiddleware>> Middleware { get; } = [];

    /// <summary>The contracts of the store that were chosen.</summary>
    public HashSet<Type> StoreParts { get; } = [];

    /// <summary>What else runs while the service runs.</summary>
    public List<Func<IServiceProvider, IServicePart>> ServiceParts { get; } = [];

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

    public ICarillonBuilder UseStorePart<TPart>(Func<IServiceProvider, TPart> create)
        where TPart : class
    {
        Services.AddKeyedSingleton(Service, (provider, _) => create(provider));
        StoreParts.Add(typeof(TPart));
        return this;
    }

    public bool HasStorePart<TPart>()
        where TPart : class => StoreParts.Contains(typeof(TPart));

    public ICarillonBuilder AddServicePart(Func<IServiceProvider, IServicePart> create)
    {
        ServiceParts.Add(create);
        return this;
    }

    public ICarillonBuilder ReadSettings(string section, Action<SettingsReader> read)
    {
        Settings.Add((section, read));
        return this;
    }
}
