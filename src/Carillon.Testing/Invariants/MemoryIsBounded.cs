using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>G4: nobody holds more messages than there is room for.</summary>
internal static class MemoryIsBounded
{
    /// <summary>Says who held too many.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world) =>
        from transport in world.Transports
        from balance in transport.Balances
        where world.History.RoomOf(balance.Subscription) is { } room && balance.MostOpen > room
        select new Finding("G4: bounded memory", $"{balance.Subscription} held {balance.MostOpen} messages at once, with room for {world.History.RoomOf(balance.Subscription)}", default);
}
