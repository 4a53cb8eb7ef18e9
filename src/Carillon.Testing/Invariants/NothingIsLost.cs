using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>G1: what was confirmed reaches every subscription, and nothing is handled that nobody published.</summary>
internal static class NothingIsLost
{
    private const string Rule = "G1: nothing is lost";

    /// <summary>Says what was lost or came from nowhere.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world)
    {
        var log = world.Servers.Log;
        var stored = log.Messages.Select(message => (message.Envelope.Source, message.Envelope.Id)).ToHashSet();
        foreach (var confirmed in world.History.Confirmed.Where(confirmed => !stored.Contains(confirmed)))
            yield return new Finding(Rule, $"{confirmed.Id} of {confirmed.Source} was confirmed and is not there", confirmed.Id);
        foreach (var store in world.Servers.Stores.Where(store => store.Outbox is not null))
        {
            foreach (var message in store.Outbox!.Messages.Where(message => !stored.Contains((message.Envelope.Source, message.Envelope.Id))))
                yield return new Finding(Rule, $"{message.Envelope.Id} of {message.Envelope.Source} was stored in {store.Server.Name} and never sent", message.Envelope.Id);
        }

        var handled = world.History.Effects.Select(effect => (effect.Subscription, effect.Source, effect.Id)).ToHashSet();
        foreach (var message in log.Messages)
        {
            foreach (var subscription in log.Subscriptions.Where(subscription => !world.History.MayLose(subscription.Name) && IsFor(world, subscription.Name, message.Position, message.Envelope)))
            {
                if (!handled.Contains((subscription.Name, message.Envelope.Source, message.Envelope.Id)) && !IgnoredMessages.Contains(world, subscription.Name, message))
                    yield return new Finding(Rule, $"{subscription.Name} has not handled {message.Envelope.Type} {message.Envelope.Id} of {message.Envelope.Key}", message.Envelope.Id);
            }
        }

        foreach (var effect in world.History.Effects.Where(effect => !stored.Contains((effect.Source, effect.Id))))
            yield return new Finding("G1: nothing comes from nowhere", $"{effect.Subscription} handled {effect.Id}, which was never committed", effect.Id);
    }

    private static bool IsFor(SimulatedWorld world, string subscription, long position, in Envelope envelope) =>
        world.History.Handles(subscription, envelope) && world.Servers.Log.IsFor(subscription, position, envelope);
}
