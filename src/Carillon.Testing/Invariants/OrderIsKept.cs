using Carillon.Testing.Histories;
using Carillon.Testing.Logs;
using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>
/// G3: messages of a key are handled in the order in which they were committed. What counts is the first time that each message was
/// handled, and the first place at which it stands in a log.
/// </summary>
internal static class OrderIsKept
{
    private const string Rule = "G3: order of a key";

    /// <summary>Says what was overtaken.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world)
    {
        var places = PlacesIn(world.Servers.Log.Messages);
        // Where one copy of a message was finished because nobody handled it then, another copy that was stored later is handled in its own place.
        var ignored = IgnoredMessages.In(world);
        if (world.History.Effects.Any(effect => world.History.MayLose(effect.Subscription)))
            ignored.UnionWith(LostCopies.In(world));
        foreach (var lane in world.History.Effects.Where(effect => effect.Key is not null && !MayBeLate(world, ignored, effect)).GroupBy(effect => (effect.Subscription, effect.Key)))
        {
            var order = lane.Select(effect => (effect.Source, effect.Id)).Distinct().Where(places.ContainsKey);
            if (FirstOvertaken(order, places) is { } overtaken)
                yield return new Finding(Rule, $"{lane.Key.Subscription} handled {overtaken.Id} of {lane.Key.Key} too late", overtaken.Id);
        }

        foreach (var outbox in world.Servers.Logs.Skip(1))
        {
            var committed = PlacesIn(outbox.Messages);
            foreach (var lane in world.Servers.Log.Messages.Where(message => message.Envelope.Key is not null).GroupBy(message => message.Envelope.Key))
            {
                var order = lane.Select(message => (message.Envelope.Source, message.Envelope.Id)).Distinct().Where(committed.ContainsKey);
                if (FirstOvertaken(order, committed) is { } overtaken)
                    yield return new Finding(Rule, $"{overtaken.Id} of {lane.Key} was sent too late", overtaken.Id);
            }
        }
    }

    private static bool MayBeLate(SimulatedWorld world, HashSet<(string Subscription, string? Source, EventId Id)> ignored, Effect effect) =>
        ignored.Contains((effect.Subscription, effect.Source, effect.Id))
        || world.History.MayBeLate(effect.Subscription, effect.Source, effect.Id)
        || world.Servers.Stores.Any(store => store.Database.Unhandled.Contains((effect.Subscription, effect.Source, effect.Id)));

    private static Dictionary<(string? Source, EventId Id), long> PlacesIn(IReadOnlyList<CommittedMessage> messages)
    {
        var places = new Dictionary<(string? Source, EventId Id), long>();
        foreach (var message in messages)
            places.TryAdd((message.Envelope.Source, message.Envelope.Id), message.Position);
        return places;
    }

    private static (string? Source, EventId Id)? FirstOvertaken(
        IEnumerable<(string? Source, EventId Id)> order, Dictionary<(string? Source, EventId Id), long> places)
    {
        var last = 0L;
        foreach (var message in order)
        {
            if (places[message] < last)
                return message;
            last = places[message];
        }

        return null;
    }
}
