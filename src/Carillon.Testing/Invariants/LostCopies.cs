using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>What was stored more than once: where the first copy may get lost, a later one is handled in its own place.</summary>
internal static class LostCopies
{
    /// <summary>Those messages, for each subscription that handles at most once.</summary>
    public static IEnumerable<(string Subscription, string? Source, EventId Id)> In(SimulatedWorld world) =>
        from subscription in world.Servers.Log.Subscriptions
        where world.History.MayLose(subscription.Name)
        from copies in Count(world)
        where copies.Value > 1
        select (subscription.Name, copies.Key.Source, copies.Key.Id);

    /// <summary>How often each message was stored.</summary>
    public static IReadOnlyDictionary<(string? Source, EventId Id), int> Count(SimulatedWorld world) =>
        world.Servers.Log.Messages.CountBy(static message => (message.Envelope.Source, message.Envelope.Id)).ToDictionary();
}
