namespace Carillon.Testing.Faults;

/// <summary>
/// The kinds of faults that Carillon does not bear yet. They happen only where somebody asks for them by name; each leaves this list together with its
/// cause.
/// </summary>
internal static class AwaitedMends
{
    /// <summary>What happens where nothing was chosen.</summary>
    public const FaultKinds Borne = FaultKinds.All & ~Awaited;

    private const FaultKinds Awaited =
        // Old instances pass by what only new ones handle, and bury what they cannot read.
        FaultKinds.Deployment
        // A dead letter whose reason the store refuses is never written.
        | FaultKinds.HostileText
        // Nobody counts how often a message killed its process.
        | FaultKinds.DeadlyMessage
        // An outage of some minutes makes dead letters.
        | FaultKinds.Outage;
}
