namespace Carillon.KillTests;

/// <summary>The failpoints that each kind of process comes by: the places between two steps of the protocol.</summary>
internal static class Failpoints
{
    private static readonly string[] Settling = ["delivery.settling", "delivery.settled", "cursor.writing", "cursor.written"];
    private static readonly string[] UnitOfWork = ["unit-of-work.claimed", "unit-of-work.handled", "unit-of-work.committing", "unit-of-work.committed"];
    private static readonly string[] Parking = ["message.parking", "message.parked", "message.releasing", "message.released"];

    private static readonly string[] Relaying = ["relay.sending", "relay.sent"];

    /// <summary>How often a process comes by a failpoint, at most, before it dies there: not often where it comes by rarely.</summary>
    public static int MostHits(string name) => Parking.Contains(name) ? 2 : Relaying.Contains(name) ? 4 : 12;

    /// <summary>Where a process of a role can be killed.</summary>
    /// <param name="transport">What it is on.</param>
    /// <param name="role">What it does.</param>
    /// <param name="mode">How often it promises to handle.</param>
    /// <param name="usesContexts">Whether it works through Entity Framework Core.</param>
    public static IReadOnlyList<string> Of(string transport, RoleName role, DeliveryGuarantee mode, bool usesContexts = false)
    {
        var storing = TransportChoice.Failpoints(transport, role);
        return (role, mode) switch
        {
            (RoleName.Publisher, _) when usesContexts => ContextFailpoints.Names,
            (_, DeliveryGuarantee.ExactlyOnce) when usesContexts => [.. storing, .. Settling, .. Parking, .. UnitOfWork, .. ContextFailpoints.JoinedNames],
            (RoleName.Publisher, _) => storing,
            (_, DeliveryGuarantee.ExactlyOnce) => [.. storing, .. Settling, .. Parking, .. UnitOfWork],
            _ => [.. storing, .. Settling, .. Parking],
        };
    }
}
