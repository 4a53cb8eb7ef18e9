using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>What must be true of every world that has come to rest, whatever went wrong in it.</summary>
internal static class WorldInvariants
{
    /// <summary>Says what is not true; nothing when all is.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world) =>
        NothingIsLost.Find(world)
            .Concat(EffectsHappenOnce.Find(world))
            .Concat(HandledOnceAtMost.Find(world))
            .Concat(OrderIsKept.Find(world))
            .Concat(HandledOneAtATime.Find(world))
            .Concat(MemoryIsBounded.Find(world))
            .Concat(SettlementsBalance.Find(world))
            .Concat(DeadlyMessagesEnd.Find(world));
}
