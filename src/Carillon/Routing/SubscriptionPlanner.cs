using Carillon.Transports;

namespace Carillon.Routing;

/// <summary>Turns the handlers of a service into its subscriptions, and refuses what cannot work.</summary>
internal sealed class SubscriptionPlanner(string service, SubscriptionCatalog options)
{
    // Long enough for an instance that is being restarted.
    private static readonly TimeSpan ShortestTopic = TimeSpan.FromHours(1);

    public IReadOnlyList<SubscriptionPlan> Plan(IReadOnlyList<HandlerDefinition> handlers)
    {
        RefuseSharedCommands(handlers);
        return
        [
            .. handlers.Where(handler => !handler.IsLocal)
                .GroupBy(handler => FullName(handler.Subscription), StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => PlanOne(group.Key, [.. group])),
        ];
    }

    private string FullName(string? own) => own is null ? service : $"{service}.{ServiceName.Check(own, "subscription")}";

    private SubscriptionPlan PlanOne(string name, HandlerDefinition[] handlers)
    {
        var chosen = options.For(name);
        var topology = new SubscriptionTopology
        {
            Name = name,
            Service = service,
            Topics = [.. handlers.Where(handler => handler.Message is not { Kind: MessageKind.Command }).SelectMany(TopicsOf).Distinct()],
            CommandTopics = [.. handlers.Where(handler => handler.Message is { Kind: MessageKind.Command }).Select(handler => handler.Message!.Topic).Distinct()],
            Start = chosen.Start,
            Handles = HandledBy(handlers),
            UnhandledRetention = chosen.UnhandledRetention > ShortestTopic ? chosen.UnhandledRetention : ShortestTopic,
        };
        var everything = handlers.Where(handler => handler.Message is null).ToArray();
        var routes = handlers.Where(handler => handler.Message is not null)
            .GroupBy(handler => (handler.Message!.Name, handler.Message.Version))
            .Select(group => Route(name, [.. group, .. everything], chosen));
        return new SubscriptionPlan(topology, routes, Everything(everything, chosen), IgnoresUnhandled(chosen, topology));
    }

    private static HandledTypes HandledBy(HandlerDefinition[] handlers) => Array.Exists(handlers, handler => handler.Message is null)
        ? HandledTypes.Everything
        : new HandledTypes(handlers.Select(handler => new HandledType(handler.Message!.Name, handler.Message.Version)));

    private static IEnumerable<TopicPattern> TopicsOf(HandlerDefinition handler) =>
        (handler.Topics ?? (handler.Message is { } message ? [message.Topic] : throw new CarillonConfigurationException(
            ErrorCodes.InvalidConfiguration, $"{handler.Name} takes every message, so it must say of which topics: [Handler(Topics = [\"order.>\"])].")))
        .Select(TopicPattern.Parse);

    private static MessageRoute Route(string subscription, HandlerDefinition[] handlers, SubscriptionOptions options)
    {
        if (handlers.Length > 1 && Array.Find(handlers, handler => handler.IsBatch) is { } batch)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"{batch.Name} takes batches of {batch.Message!.Name} in subscription {subscription} beside {handlers.First(handler => handler != batch).Name}: give one of them a subscription of its own.");
        }

        var message = handlers[0].Message!;
        return new MessageRoute(message, handlers, options.FiltersFor(message.ClrType), DeliveryOf(handlers, options));
    }

    private static MessageRoute? Everything(HandlerDefinition[] handlers, SubscriptionOptions options) =>
        handlers.Length == 0 ? null : new MessageRoute(null, handlers, [], DeliveryOf(handlers, options));

    private static DeliveryGuarantee DeliveryOf(HandlerDefinition[] handlers, SubscriptionOptions options) =>
        handlers.Any(handler => handler.Delivery == DeliveryGuarantee.ExactlyOnce) ? DeliveryGuarantee.ExactlyOnce : options.Delivery;

    private static bool IgnoresUnhandled(SubscriptionOptions options, SubscriptionTopology topology) => options.UnhandledTypes switch
    {
        UnhandledTypes.Ignore => true,
        UnhandledTypes.DeadLetter => false,
        _ => topology.Topics.Any(topic => topic.HasWildcard),
    };

    private static void RefuseSharedCommands(IEnumerable<HandlerDefinition> handlers)
    {
        var shared = handlers.Where(handler => handler.Message is { Kind: MessageKind.Command } && !handler.IsLocal)
            .GroupBy(handler => handler.Message!.Name, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1);
        if (shared is not null)
        {
            throw new CarillonConfigurationException(ErrorCodes.CommandHandledTwice,
                $"Command {shared.Key} is handled by {string.Join(" and ", shared.Select(handler => handler.Name))}: a command has exactly one handler. Remove one, or make it an event.");
        }
    }
}
