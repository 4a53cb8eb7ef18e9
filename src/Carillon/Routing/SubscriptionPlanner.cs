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
        PlannedHandler[] planned = [.. handlers.Select(PlannedHandler.Of)];
        RefuseSharedBatches(name, planned);
        var topology = new SubscriptionTopology
        {
            Name = name,
            Service = service,
            Topics = [.. planned.Where(static handler => !IsOfCommands(handler.Definition)).SelectMany(static handler => handler.Wanted).Distinct()],
            CommandTopics = [.. handlers.Where(IsOfCommands).Select(static handler => handler.Message!.Topic).Distinct()],
            Start = chosen.Start,
            DeliversAtMostOnce = IsAtMostOnce(name, handlers, chosen),
            Handles = new HandledMessages(planned.SelectMany(static handler => handler.Scopes)),
            UnhandledGrace = chosen.UnhandledGrace,
            UnhandledRetention = chosen.UnhandledRetention > ShortestTopic ? chosen.UnhandledRetention : ShortestTopic,
        };
        return new SubscriptionPlan(topology, planned, chosen);
    }

    /// <summary>Whether what the subscription gets is written down as finished before it is handled: all of it or nothing, because it has one place in the transport.</summary>
    private static bool IsAtMostOnce(string subscription, HandlerDefinition[] handlers, SubscriptionOptions chosen)
    {
        var asking = Array.Find(handlers, static handler => handler.Delivery == DeliveryGuarantee.AtMostOnceMayLose);
        if (asking is null && chosen.Delivery != DeliveryGuarantee.AtMostOnceMayLose)
            return false;
        var other = Array.Find(handlers, handler => handler.Delivery != DeliveryGuarantee.AtMostOnceMayLose
            && (handler.Delivery != DeliveryGuarantee.AtLeastOnce || chosen.Delivery != DeliveryGuarantee.AtMostOnceMayLose));
        if (other is null)
            return true;
        var runs = other.Delivery == DeliveryGuarantee.ExactlyOnce ? "runs in a unit of work" : "is handled at least once";
        throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
            $"Subscription {subscription} is handled at most once, as {asking?.Name ?? "its option Delivery"} asks, and {other.Name} in it {runs}: what is finished before one handler begins is finished for all. Give one of them a subscription of its own.");
    }

    private static bool IsOfCommands(HandlerDefinition handler) => handler.Message is { Kind: MessageKind.Command };

    private static void RefuseSharedBatches(string subscription, PlannedHandler[] handlers)
    {
        foreach (var batch in handlers.Where(static handler => handler.Definition.IsBatch))
        {
            var message = batch.Definition.Message!;
            var beside = Array.Find(handlers, other => other != batch && other.Meets(batch)
                && (other.Definition.Message is not { } own || (own.Name == message.Name && own.Version == message.Version)));
            if (beside is not null)
            {
                throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                    $"{batch.Definition.Name} takes batches of {message.Name} in subscription {subscription} beside {beside.Definition.Name}: give one of them a subscription of its own.");
            }
        }
    }

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
