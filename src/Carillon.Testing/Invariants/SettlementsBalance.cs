using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>
/// Every delivery is settled once that was handed to a process which had the time to stop, and no receiver has failed in its own code.
/// </summary>
internal static class SettlementsBalance
{
    /// <summary>Says what does not balance.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world)
    {
        foreach (var balance in world.Transports.SelectMany(transport => transport.Balances))
        {
            if (balance.LastFailure is { } failure)
                yield return new Finding("receivers do not fail", $"{balance}: {failure}", default);
        }

        foreach (var balance in world.Machines.SelectMany(machine => machine.Transports).SelectMany(transport => transport.Balances))
        {
            if (balance.Open != 0)
                yield return new Finding("settlements balance", balance.ToString(), default);
        }
    }
}
