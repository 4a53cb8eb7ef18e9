using Carillon.Testing.Worlds;

namespace Carillon.Testing.Runs;

/// <summary>Says what is still to be done in a world.</summary>
internal static class Rest
{
    /// <summary>Describes what is to be done; nothing when the world is at rest.</summary>
    /// <param name="world">The world.</param>
    /// <param name="busyClients">How many clients still ask for something.</param>
    /// <param name="countsScheduled">Whether it matters that something is to be published later.</param>
    public static IEnumerable<string> Describe(SimulatedWorld world, int busyClients, bool countsScheduled)
    {
        if (busyClients + world.Crowds.Busy is > 0 and var busy)
            yield return $"{busy} clients are not done";
        foreach (var machine in world.Machines.Where(machine => !machine.IsReady))
            yield return $"{machine.Name} is not ready";
        foreach (var store in world.Servers.Stores)
        {
            if (store.Database.Parking.Count > 0)
                yield return $"{store.Database.Parking.Count} messages are parked in {store.Server.Name}";
            if (countsScheduled && store.Database.Schedule.Count > 0)
                yield return $"{store.Database.Schedule.Count} messages are scheduled in {store.Server.Name}";
            if (store.Database.Open.Count > 0)
                yield return $"{store.Database.Open.Count} transactions are open in {store.Server.Name}";
        }

        foreach (var log in world.Servers.Logs)
        {
            foreach (var subscription in log.Subscriptions)
            {
                if (log.Outstanding(subscription.Name) is { Count: > 0 } outstanding)
                    yield return $"{outstanding.Count} messages are not finished by {subscription.Name}, the first is {outstanding[0].Envelope.Id}";
            }
        }
    }
}
