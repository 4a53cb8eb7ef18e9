using Carillon.Testing.Faults;
using Carillon.Testing.Invariants;
using Carillon.Testing.Scheduling;
using Carillon.Testing.Worlds;

namespace Carillon.Testing.Runs;

/// <summary>Runs one world from its beginning to its end: faults, healing, the way back to rest, a clean stop, and all checks.</summary>
internal sealed class WorldRun(WorldPlan plan, SimulatedWorld world, SeededRandom random)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReplayInterval = TimeSpan.FromSeconds(2);

    /// <summary>How long, in virtual time, a world may take to come to rest once nothing goes wrong any more.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly FaultDriver _faults = new(world, random.Fork());
    private int _busyClients = plan.Clients.Count;
    private long _arrived;

    /// <summary>Runs.</summary>
    public void Run()
    {
        var before = SynchronizationContext.Current;
        try
        {
            var duration = NextDuration();
            Begin(duration);
            Advance(duration, static () => false);
            _faults.Heal();
            _arrived = world.Scheduler.NowTicks + FaultInjector.LongestDelay.Ticks;
            world.Later(ReplayInterval, Replay);
            Settle(Patience, countsScheduled: !WereClocksSet);
            // What was scheduled by a clock that was set by half an hour is due half an hour later.
            if (WereClocksSet && world.Findings.Count == 0)
                Settle(EverydayDriver.FarthestJump + Patience, countsScheduled: true);
            if (world.Findings.Count == 0)
                Stop();
            if (world.Findings.Count == 0)
                CheckEverything();
        }
        finally
        {
            foreach (var machine in world.Machines)
                machine.End();
            foreach (var store in world.Servers.Stores)
                store.Database.RollbackOf(client: null);
            SynchronizationContext.SetSynchronizationContext(before);
            foreach (var end in plan.Ends)
                end();
        }
    }

    // Healing ends what goes on for longer, so only a long run sees a process wake up whose leases are over.
    private TimeSpan NextDuration()
    {
        var duration = TimeSpan.FromSeconds(random.OneIn(3) ? random.Next(10, 60) : random.Next(1, 5));
        if (world.Faults.MayHappen(FaultKinds.HungHandler) && random.Branch(2) is var hangs && hangs.OneIn(2))
            duration = TimeSpan.FromSeconds(hangs.Next(20, 120));
        if (world.Faults.IsHarsh && world.Faults.MayHappen(FaultKinds.LateParking))
            duration = TimeSpan.FromSeconds(random.Branch(3).Next(20, 90));
        if (!world.Faults.MayHappen(FaultKinds.Outage))
            return duration;
        var outages = random.Branch(1);
        return TimeSpan.FromSeconds(outages.OneIn(50) ? 4_000 : outages.Next(20, 200));
    }

    private void Begin(TimeSpan duration)
    {
        foreach (var machine in world.Machines)
            world.Later(TimeSpan.FromMilliseconds(random.Next(100)), machine.Start);
        foreach (var (client, (service, behave)) in world.Clients.Zip(plan.Clients))
            world.Run(() => BehaveAsync(client, service, behave));

        _faults.Plan(duration);
    }

    private async Task BehaveAsync(SimulatedClient client, string service, Func<SimulatedClient, Task> behave)
    {
        try
        {
            await behave(client);
            _busyClients--;
        }
        catch (Exception error)
        {
            world.Report("clients do not fail", $"a client of {service} failed: {error}");
        }
    }

    private bool WereClocksSet => (world.Faults.Happened & FaultKinds.ClockJump) != 0;

    private void Settle(TimeSpan patience, bool countsScheduled)
    {
        if (!Advance(patience, () => IsAtRest(countsScheduled)))
            world.Report("it comes to rest", $"{patience.TotalMinutes:F0} minutes after the last fault: {string.Join("; ", Rest.Describe(world, _busyClients, countsScheduled))}");
    }

    // A request that was given up long ago may still arrive, so there is no rest before all have.
    private bool IsAtRest(bool countsScheduled) => world.Scheduler.NowTicks > _arrived && Rest.Describe(world, _busyClients, countsScheduled).FirstOrDefault() is null;

    private void Stop()
    {
        var left = world.Machines.Count;
        foreach (var machine in world.Machines)
        {
            world.Run(async () =>
            {
                await machine.StopAsync();
                left--;
            });
        }

        if (!Advance(Patience, () => left == 0))
        {
            world.Report("G7: it stops cleanly", $"{left} of {world.Machines.Count} processes have not stopped after {Patience.TotalMinutes:F0} minutes");
        }
    }

    private void CheckEverything()
    {
        foreach (var finding in WorldInvariants.Find(world))
            world.Report(finding.Rule, finding.What, finding.Message);
        Check(plan.FinalChecks);
    }

    /// <summary>Lets time go on until something is true, or for so long.</summary>
    /// <returns>Whether it became true.</returns>
    private bool Advance(TimeSpan duration, Func<bool> isOver)
    {
        var end = world.Scheduler.NowTicks + duration.Ticks;
        while (world.Scheduler.NowTicks < end && world.Findings.Count == 0)
        {
            var slice = Math.Min(end, world.Scheduler.NowTicks + Slice.Ticks);
            while (world.Scheduler.TryStep(slice))
            {
                // One piece of work after the other.
            }

            Check(plan.Checks);
            if (isOver())
                return true;
        }

        // What ends a run early is no reason for another finding.
        return world.Findings.Count > 0;
    }

    private void Check(IEnumerable<(string Rule, Func<bool> IsTrue)> checks)
    {
        foreach (var (rule, isTrue) in checks)
        {
            if (Refute(isTrue) is { } how)
                world.Report(rule, how);
        }
    }

    private static string? Refute(Func<bool> isTrue)
    {
        try
        {
            return isTrue() ? null : "it is not true";
        }
        catch (Exception error)
        {
            return $"{error.GetType().Name}: {error.Message}";
        }
    }

    /// <summary>What an operator would do when all has healed: give every dead letter another chance.</summary>
    private void Replay()
    {
        world.Run(world.Operator.ReplayAsync);
        world.Later(ReplayInterval, Replay);
    }
}
