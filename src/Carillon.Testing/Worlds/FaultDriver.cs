using Carillon.Testing.Faults;
using Carillon.Testing.Network;
using Carillon.Testing.Processes;
using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Worlds;

/// <summary>Lets the faults happen that concern whole processes and servers, at times that the seed draws.</summary>
internal sealed class FaultDriver(SimulatedWorld world, SeededRandom random)
{
    private readonly EverydayDriver _everyday = new(world, random.Branch(1));

    // A process dies at one of its next so many steps.
    private const int MostSteps = 400;

    private readonly FaultInjector _faults = world.Faults;
    private readonly FaultSchedule _schedule = new(world, random);

    /// <summary>Plans what happens.</summary>
    /// <param name="duration">Until when something may happen.</param>
    public void Plan(TimeSpan duration)
    {
        _schedule.Plan(FaultKinds.Crash, duration, Crash);
        _schedule.Plan(FaultKinds.Pause, duration, Pause);
        _schedule.Plan(FaultKinds.Restart, duration, Restart);
        _schedule.Plan(FaultKinds.ServerCrash, duration, CrashServer);
        _schedule.Plan(FaultKinds.Partition, duration, Cut);
        _schedule.Plan(FaultKinds.LeaseExpiry, duration, ExpireLeases);
        _schedule.Plan(FaultKinds.SlowStore, duration, SlowDown);
        _schedule.Plan(FaultKinds.ClockSkew, duration, MoveClocks);
        _everyday.Plan(duration);
    }

    /// <summary>Ends everything that goes wrong.</summary>
    public void Heal()
    {
        world.Trace.Write("world", "everything heals");
        _faults.Heal();
        world.HandlerFaults.Heal();
        world.Servers.Log.AcceptAll();
        foreach (var server in world.Servers.All)
        {
            server.Start();
            server.GoOn();
        }

        foreach (var process in world.Machines.Select(machine => machine.Process).OfType<SimulatedProcess>())
        {
            process.Spare();
            process.Resume();
        }

        _everyday.Settle();
    }

    private void Crash()
    {
        var machine = AnyMachine();
        if (machine.Process is not { } process)
            return;
        var steps = random.Next(1, MostSteps);
        _faults.Record(FaultKinds.Crash, $"{machine.Name} dies after {steps} more steps");
        process.KillAfter(steps);
    }

    private void Pause()
    {
        var machine = AnyMachine();
        if (machine.Process is not { } process)
            return;
        var pause = NextPause();
        _faults.Record(FaultKinds.Pause, $"{machine.Name} stands still for {pause.TotalSeconds:F3} s");
        process.Pause();
        world.Later(pause, process.Resume);
    }

    private void Restart()
    {
        var machine = AnyMachine();
        if (!machine.IsReady)
            return;
        var grace = TimeSpan.FromMilliseconds(random.OneIn(2) ? random.Next(100) : random.Next(10_000));
        _faults.Record(FaultKinds.Restart, $"{machine.Name} is stopped cleanly within {grace.TotalSeconds:F3} s");
        world.Run(() => machine.RestartAsync(grace));
    }

    private void CrashServer()
    {
        var server = AnyServer();
        var pause = TimeSpan.FromMilliseconds(random.Next(10, 5_000));
        _faults.Record(FaultKinds.ServerCrash, $"{server.Name} is down for {pause.TotalSeconds:F3} s");
        server.Kill();
        world.Later(pause, server.Start);
    }

    private void Cut()
    {
        var (machine, server) = (AnyMachine(), AnyServer());
        var pause = NextPause();
        _faults.Record(FaultKinds.Partition, $"{machine.Name} does not reach {server.Name} for {pause.TotalSeconds:F3} s");
        _faults.Cut(machine.Name, server);
        world.Later(pause, () => _faults.Mend(machine.Name, server));
    }

    private void ExpireLeases()
    {
        var log = world.Servers.Logs.ElementAt(random.Next(world.Servers.Logs.Count()));
        if (log.Subscriptions.Count == 0)
            return;
        var subscription = log.Subscriptions[random.Next(log.Subscriptions.Count)].Name;
        var partition = random.Next(Logs.SimulatedLog.PartitionCount);
        if (random.OneIn(2))
        {
            _faults.Record(FaultKinds.LeaseExpiry, $"{subscription} loses partition {partition} before its time");
            log.ExpireLease(subscription, partition);
            return;
        }

        _faults.Record(FaultKinds.LeaseExpiry, $"the instance of {subscription} that has partition {partition} loses all before its time");
        log.ExpireOwner(subscription, partition);
    }

    private void SlowDown()
    {
        var stores = world.Servers.All.Where(server => server.IsStore).ToArray();
        var server = stores[random.Next(stores.Length)];
        var duration = TimeSpan.FromMilliseconds(random.Next(100, 5_000));
        _faults.Record(FaultKinds.SlowStore, $"{server.Name} is slow for {duration.TotalSeconds:F3} s");
        _faults.SlowDown(server, duration);
    }

    // Only those of processes: leases are in a server's time, which therefore may be wrong, but must not jump.
    private void MoveClocks()
    {
        var machine = AnyMachine();
        if (machine.Process is not { } process)
            return;
        process.Clock.Skew = _faults.NextSkew();
        _faults.Record(FaultKinds.ClockSkew, $"the clock of {machine.Name} is {process.Clock.Skew.TotalSeconds:F0} s off");
    }

    private TimeSpan NextPause() =>
        TimeSpan.FromMilliseconds(random.OneIn(5) ? random.Next(30_000, (int)FaultInjector.LongestPause.TotalMilliseconds) : random.Next(100, 15_000));

    private Machine AnyMachine() => world.Machines[random.Next(world.Machines.Count)];

    private SimulatedServer AnyServer() => world.Servers.All[random.Next(world.Servers.All.Count)];
}
