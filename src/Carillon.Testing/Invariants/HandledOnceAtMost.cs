using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>What may get lost is begun with once at most, however often processes, servers and networks fail.</summary>
internal static class HandledOnceAtMost
{
    /// <summary>Says what handlers have begun with more often than it was stored.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world)
    {
        if (world.History.Starts.Count == 0)
            yield break;
        var stored = LostCopies.Count(world);
        foreach (var (effect, times) in world.History.Starts.CountBy(static start => start))
        {
            if (times > stored.GetValueOrDefault((effect.Source, effect.Id)))
                yield return new Finding("at most once", $"{effect.Subscription} has begun {times} times with {effect.Id} of {effect.Key}", effect.Id);
        }
    }
}
