using Carillon.Testing.Logs;
using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>What a subscription may have finished because no running instance had a handler for it.</summary>
internal static class IgnoredMessages
{
    /// <summary>Whether one copy of a message may have been finished without being handled.</summary>
    public static bool Contains(SimulatedWorld world, string subscription, CommittedMessage message) =>
        world.History.Ignores(subscription, message.Envelope)
        && (world.Servers.Log.WasUnhandled(subscription, message.Position)
            || world.Servers.Stores.Any(store => store.Database.Ignored.Contains((subscription, message.Envelope.Source, message.Envelope.Id))));

    /// <summary>The messages of which at least one copy may have been finished without being handled.</summary>
    public static HashSet<(string Subscription, string? Source, EventId Id)> In(SimulatedWorld world) =>
        [.. from subscription in world.Servers.Log.Subscriptions
            from message in world.Servers.Log.Messages
            where Contains(world, subscription.Name, message)
            select (subscription.Name, message.Envelope.Source, message.Envelope.Id)];
}
