using Carillon.Testing.Faults;
using Carillon.Testing.Histories;
using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>
/// G3: a key's messages are handled one at a time, in all instances together. A process that stands still, or that loses a lease before its
/// time, cannot know that somebody else has begun; what it does until it does know is excused. A handler that heeds no cancellation cannot be ended when its
/// process is cut off from the server for longer than its leases last.
/// </summary>
internal static class HandledOneAtATime
{
    // An instance that hears nothing gives its leases up after 8 seconds, and its handlers a second later.
    private static readonly TimeSpan UntilItKnows = TimeSpan.FromSeconds(15);

    /// <summary>Says what was handled beside something else of its key.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world) =>
        from overlap in world.History.Running.Overlaps
        where !IsExcused(world, overlap)
        select new Finding("G3: one at a time", $"{overlap.Subscription} handled {overlap.Id} of {overlap.Key} while {overlap.Other} was being handled", overlap.Id);

    private static bool IsExcused(SimulatedWorld world, Overlap overlap) => world.Faults.Records.Any(fault =>
        fault.At <= overlap.At && overlap.At - fault.At < ExcuseOf(fault.Kind, world.HandlerFaults.WasHeedless(overlap.Other)).Ticks);

    private static TimeSpan ExcuseOf(FaultKinds kind, bool wasHeedless) => kind switch
    {
        FaultKinds.Partition or FaultKinds.HungServer or FaultKinds.ServerCrash when wasHeedless => HandlerFaults.LongestHang,
        FaultKinds.Pause => FaultInjector.LongestPause + UntilItKnows,
        FaultKinds.LateParking => FaultInjector.LongestPause + UntilItKnows,
        FaultKinds.LeaseExpiry or FaultKinds.ClockJump => UntilItKnows,
        _ => TimeSpan.Zero,
    };
}
