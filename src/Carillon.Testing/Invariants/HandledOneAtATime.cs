using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>
/// G3: a key's messages are handled one at a time, in all instances together. Checked where every process can know that a lease is over before
/// its handlers do harm: one that stands still, or loses a lease before its time, cannot.
/// </summary>
internal static class HandledOneAtATime
{
    private const FaultKinds Excuses = FaultKinds.Pause | FaultKinds.LeaseExpiry;

    /// <summary>Says what was handled beside something else of its key.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world) => (world.Faults.Happened & Excuses) != 0
        ? []
        : world.History.Running.Overlaps.Select(overlap => new Finding(
            "G3: one at a time", $"{overlap.Subscription} handled {overlap.Id} of {overlap.Key} while {overlap.Other} was being handled", overlap.Id));
}
