namespace Carillon.KillTests;

/// <summary>How long leases last, and how long a call waits, in a run.</summary>
/// <param name="Lease">The lease, where nobody notices the death of a process before it is over.</param>
/// <param name="WatchedLease">The lease, where the death of a process is noticed at once.</param>
/// <param name="Wait">How long a call waits for what another one holds, or for a server.</param>
internal sealed record Timing(TimeSpan Lease, TimeSpan WatchedLease, TimeSpan Wait)
{
    // Longer than any standstill of a busy machine. At least once, a lease that expires is one more delivery, which no kill explains.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan VeryLong = TimeSpan.FromMinutes(2);

    // That it also expires when a busy machine stops for so long changes no effect that happens exactly once.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    // Processes that create the tables at the same time wait for each other, on a busy machine for long.
    private static readonly TimeSpan Patient = TimeSpan.FromMinutes(1);

    /// <summary>What goes with a run.</summary>
    public static Timing Of(DeliveryGuarantee mode, Disturbances disturbances) => disturbances switch
    {
        _ when disturbances.HasFlag(Disturbances.Outage) => new Timing(Short, Short, Short),
        _ when disturbances.HasFlag(Disturbances.Pause) => new Timing(Shortest, Shortest, Patient),
        _ => new Timing(mode == DeliveryGuarantee.ExactlyOnce ? Short : Long, VeryLong, Patient),
    };
}
