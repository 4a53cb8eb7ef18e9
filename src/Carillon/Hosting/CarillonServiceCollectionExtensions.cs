using Carillon.Diagnostics;
using Carillon.Durability;
using Carillon.Hosting;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Publishing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon;

/// <summary>Adds Carillon to a host.</summary>
public static class CarillonServiceCollectionExtensions
{
    /// <summary>
    /// Adds a service that publishes and handles messages. Call it once for each service of the process; they share nothing but the host and,
    /// if they are given the same one, the transport.
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="service">The service's name: 1 to 63 letters, digits, <c>-</c> and <c>_</c>. It names the source of its messages and its subscription.</param>
    /// <param name="configure">Says what the service handles and where its messages travel.</param>
    /// <exception cref="CarillonConfigurationException">The name is not allowed or was added before.</exception>
    public static TBuilder AddCarillon<TBuilder>(this TBuilder builder, string service, Action<ICarillonBuilder> configure)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddCarillon(service, configure);
        return builder;
    }

    /// <inheritdoc cref="AddCarillon{TBuilder}"/>
    /// <param name="services">The host's services.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="configure">Says what the service handles and where its messages travel.</param>
    public static IServiceCollection AddCarillon(this IServiceCollection services, string service, Action<ICarillonBuilder> configure)
    {
        var hosted = SharedBy(services);
        if (hosted.Contains(service))
            throw new CarillonConfigurationException(ErrorCodes.InvalidName, $"Service {service} was added to this host before: add each service once.");
        var builder = new CarillonBuilder(service, services);
        hosted.Builders.Add(builder);
        builder.UseStorePart<IParkingStore>(static provider => provider.GetRequiredService<InMemoryParkingStore>());
        builder.UseStorePart<IDeadLetters>(provider => DeadLettersOf(provider, service));
        builder.ReadSettings("Limits", settings => builder.Options<EnvelopeLimits>().Read(settings));
        builder.ReadSettings("Publishing", settings => builder.Options<PublisherOptions>().Read(settings));
        builder.ReadSettings("Outbox", settings => builder.Options<OutboxOptions>().Read(settings));
        builder.ReadSettings("Health", settings => builder.Options<HealthOptions>().Read(settings));
        configure(builder);
        services.AddKeyedSingleton(service, (provider, _) => new CarillonService(builder, provider));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<CarillonService>(service));
        services.AddKeyedSingleton<IEventBus>(service, (provider, _) => provider.GetRequiredKeyedService<CarillonService>(service).Bus);
        services.AddKeyedSingleton<ISubscriptions>(service, (provider, _) => new HostedSubscriptions(
            () => provider.GetRequiredKeyedService<CarillonService>(service).Transport, provider.GetRequiredKeyedService<IParkingStore>(service)));
        services.AddKeyedSingleton(service, (provider, _) => new OpenUnitsOfWork(service, provider.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton<IPendingMessagesFactory>(service, (provider, _) => new PendingMessagesFactory(service, provider.GetRequiredKeyedService<OpenUnitsOfWork>(service)));
        services.AddKeyedScoped<ILocalEventBus>(service, (provider, _) => provider.GetRequiredKeyedService<CarillonService>(service).OpenLocalBus(provider));
        return services;
    }

    private static HostedServices SharedBy(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(HostedServices))?.ImplementationInstance is HostedServices known)
            return known;
        var hosted = new HostedServices();
        services.AddSingleton(hosted);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(SystemRandom());
        services.TryAddSingleton<InMemoryParkingStore>();
        services.TryAddSingleton<IEventBus>(provider => new AmbientEventBus(() => OnlyBus(provider, hosted)));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IPendingMessagesFactory>(hosted.OnlyName(nameof(IPendingMessagesFactory))));
        services.TryAddScoped(provider => provider.GetRequiredKeyedService<ILocalEventBus>(AmbientContext.Entered?.Service ?? hosted.OnlyName(nameof(ILocalEventBus))));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IDeadLetters>(hosted.Builders[0].Service));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<ISubscriptions>(hosted.Builders[0].Service));
        return hosted;
    }

    private static HostedDeadLetters DeadLettersOf(IServiceProvider provider, string service)
    {
        var letters = provider.GetRequiredKeyedService<IParkingStore>(service) as IDeadLetters ?? throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
            $"Service {service} keeps its parked messages in a store that says nothing of dead letters: choose them with {nameof(ICarillonBuilder.UseStorePart)}<{nameof(IDeadLetters)}>.");
        var hosted = provider.GetRequiredService<HostedServices>();
        return new HostedDeadLetters(letters, () => hosted.Builders.Select(builder => provider.GetRequiredKeyedService<CarillonService>(builder.Service)),
            UnfailingLogger.Create(provider.GetRequiredService<ILoggerFactory>(), "Carillon"));
    }

    private static IEventBus OnlyBus(IServiceProvider provider, HostedServices hosted) =>
        provider.GetRequiredKeyedService<IEventBus>(hosted.OnlyName(nameof(IEventBus)));

#pragma warning disable RS0030 // This is the place where chance is injected.
    private static Random SystemRandom() => Random.Shared;
#pragma warning restore RS0030
}
