using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>G2: what is handled exactly once has one effect, however often it is delivered.</summary>
internal static class EffectsHappenOnce
{
    /// <summary>Says what happened several times.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world) =>
        from effect in world.History.Effects
        where effect.IsExactlyOnce
        group effect by effect into times
        where times.Count() > 1
        select new Finding("G2: one effect", $"{times.Key.Subscription} handled {times.Key.Id} of {times.Key.Key} {times.Count()} times", times.Key.Id);
}
