using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Worlds;

/// <summary>Those who come at once when something has happened: what is wrong then shows only while there is much to do.</summary>
internal sealed class Crowds(SimulatedWorld world, WorldPlan plan, SeededRandom random)
{
    private readonly HashSet<int> _came = [];

    /// <summary>How many of them are not done.</summary>
    public int Busy { get; private set; }

    /// <summary>Something has happened: whoever comes for it comes now, if it is the first time.</summary>
    /// <param name="what">What has happened.</param>
    public void Come(FaultKinds what)
    {
        foreach (var (number, (service, when, behave)) in plan.Crowds.Index())
        {
            if (when == what && _came.Add(number))
                Begin(new SimulatedClient(world, service, random.Branch((ulong)number)), behave);
        }
    }

    private void Begin(SimulatedClient client, Func<SimulatedClient, Task> behave)
    {
        Busy++;
        world.Run(async () =>
        {
            await behave(client);
            Busy--;
        });
    }
}
