using System.Diagnostics.CodeAnalysis;
using Carillon.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon;

/// <summary>What a service may be told beyond its transport and handlers.</summary>
public static class CarillonBuilderExtensions
{
    /// <summary>Configures the service's own subscription, or every subscription of the service that is not configured by name.</summary>
    public static ICarillonBuilder Subscription(this ICarillonBuilder carillon, Action<SubscriptionOptions> configure)
    {
        Own(carillon).Subscriptions.Add(new SubscriptionChoice(null, configure));
        return carillon;
    }

    /// <summary>Configures a subscription that handlers asked for by name (<see cref="HandlerAttribute.Subscription"/>).</summary>
    /// <param name="carillon">The service.</param>
    /// <param name="name">The subscription's own name, without the service's.</param>
    /// <param name="configure">Changes its options.</param>
    public static ICarillonBuilder Subscription(this ICarillonBuilder carillon, string name, Action<SubscriptionOptions> configure)
    {
        Own(carillon).Subscriptions.Add(new SubscriptionChoice($"{carillon.Service}.{name}", configure));
        return carillon;
    }

    /// <summary>Adds a step around every handler of the service, inside those added before. One instance serves every message.</summary>
    /// <typeparam name="TMiddleware">The step; made by the host's services.</typeparam>
    public static ICarillonBuilder Use<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>(this ICarillonBuilder carillon)
        where TMiddleware : class, IEventMiddleware
    {
        carillon.Services.TryAddSingleton<TMiddleware>();
        Own(carillon).Middleware.Add(static provider => provider.GetRequiredService<TMiddleware>());
        return carillon;
    }

    /// <summary>Adds a step around every handler of the service, inside those added before.</summary>
    public static ICarillonBuilder Use(this ICarillonBuilder carillon, Func<EventContext, EventDelegate, ValueTask> middleware)
    {
        Own(carillon).Middleware.Add(_ => new DelegateMiddleware(middleware));
        return carillon;
    }

    private static CarillonBuilder Own(ICarillonBuilder carillon) => carillon as CarillonBuilder
        ?? throw new ArgumentException("Only the builder that AddCarillon hands out can be configured.", nameof(carillon));
}
