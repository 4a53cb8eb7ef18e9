using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Worlds;

/// <summary>Draws when faults happen, a few of a kind.</summary>
internal sealed class FaultSchedule(SimulatedWorld world, SeededRandom random)
{
    private const int MostOfAKind = 4;

    /// <summary>Plans faults of a kind, if it may happen in this world.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="duration">Until when one may happen. One whose time has come does not happen when everything has healed by then.</param>
    /// <param name="happen">Lets one happen.</param>
    public void Plan(FaultKinds kind, TimeSpan duration, Action happen)
    {
        if (!world.Faults.MayHappen(kind))
            return;
        for (var left = random.Next(1, MostOfAKind + 1); left > 0; left--)
        {
            world.Later(duration * random.NextDouble(), () =>
            {
                if (world.Faults.MayHappen(kind))
                    happen();
            });
        }
    }
}
