using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>Every delivery that a living process was handed is settled once, and no receiver has failed in its own code.</summary>
internal static class SettlementsBalance
{
    /// <summary>Says what does not balance.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world)
    {
        foreach (var transport in world.Transports)
        {
            foreach (var balance in transport.Balances)
            {
                if (balance.LastFailure is { } failure)
                    yield return new Finding("receivers do not fail", $"{balance}: {failure}", default);
                if (transport.HasEnded && balance.Open != 0)
                    yield return new Finding("settlements balance", balance.ToString(), default);
            }
        }
    }
}
