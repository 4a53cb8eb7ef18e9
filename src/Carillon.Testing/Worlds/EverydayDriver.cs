using Carillon.Testing.Faults;
using Carillon.Testing.Network;
using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Worlds;

/// <summary>Lets happen what happens on ordinary days: deployments, outages, clocks that are set, servers that hang, operators.</summary>
internal sealed class EverydayDriver(SimulatedWorld world, SeededRandom random)
{
    /// <summary>How far a clock of a process is set, forward or back.</summary>
    public static readonly TimeSpan FarthestJump = TimeSpan.FromMinutes(40);

    private static readonly TimeSpan LongestHang = TimeSpan.FromSeconds(40);

    // Those who come later find services that have started, and leave time for what a process does too late.
    private const double QuietShare = 0.25;

    private readonly FaultInjector _faults = world.Faults;
    private readonly FaultSchedule _schedule = new(world, random);
    private bool _deploys;

    /// <summary>Plans what happens.</summary>
    /// <param name="duration">Until when something may happen.</param>
    public void Plan(TimeSpan duration)
    {
        _deploys = _faults.MayHappen(FaultKinds.Deployment);
        if (_deploys)
            BeginWithOldVersions();
        _schedule.Plan(FaultKinds.Deployment, duration, RollOut);
        _schedule.Plan(FaultKinds.HungServer, duration, Hang);
        _schedule.Plan(FaultKinds.ClockJump, duration, Jump);
        _schedule.Plan(FaultKinds.HastyOperator, duration, Operate);
        _schedule.Plan(FaultKinds.Outage, duration, () => TakeAway(duration));
        _schedule.Plan(FaultKinds.Refusal, duration, Refuse);
        if (_faults.IsHarsh && _faults.MayHappen(FaultKinds.LateParking))
            world.Later(duration * QuietShare, () => world.Crowds.Come(FaultKinds.LateParking));
    }

    /// <summary>Leaves a mixture of versions behind, in which somebody handles everything that the newest one handles.</summary>
    public void Settle()
    {
        foreach (var service in world.Machines.GroupBy(machine => machine.Service))
        {
            if (TryShare([.. service]))
                continue;
            foreach (var (machine, index) in service.Select((machine, index) => (machine, index)))
            {
                if (machine.Version != machine.Newest && (index == 0 || random.OneIn(2)))
                    machine.Deploy(machine.Newest);
            }
        }
    }

    // Where older versions handle together what the newest one handles alone, they do it now and then: it is for each to leave to the others what is theirs.
    private bool TryShare(Machine[] machines)
    {
        if (machines.Length < 2 || machines[0].Newest < 2 || !_deploys || !random.OneIn(2))
            return false;
        int[] versions = [.. machines.Select((_, index) => index < machines[0].Newest ? index : random.Next(machines[0].Newest + 1))];
        if (!machines[0].IsCoveredBy(versions))
            return false;
        foreach (var (machine, version) in machines.Zip(versions))
            machine.Deploy(version);
        if (_faults.IsHarsh)
            world.Crowds.Come(FaultKinds.Deployment);
        return true;
    }

    private void BeginWithOldVersions()
    {
        foreach (var machine in world.Machines.Where(machine => machine.Newest > 0))
            machine.Deploy(random.Next(machine.Newest + 1));
    }

    // Forward or back, all of them or some: what is half finished stays so until the next time.
    private void RollOut()
    {
        var services = world.Machines.Where(machine => machine.Newest > 0).GroupBy(machine => machine.Service).ToArray();
        if (services.Length == 0)
            return;
        var service = services[random.Next(services.Length)].ToArray();
        var (target, isHalf) = (random.Next(service[0].Newest + 1), random.OneIn(2));
        _faults.Record(FaultKinds.Deployment, $"{service[0].Service} goes to version {target + 1}{(isHalf ? ", in part" : "")}");
        var delay = TimeSpan.Zero;
        foreach (var machine in service.Where(_ => !isHalf || random.OneIn(2)))
        {
            world.Later(delay, () =>
            {
                if (_faults.MayHappen(FaultKinds.Deployment))
                    machine.Deploy(target);
            });
            delay += TimeSpan.FromMilliseconds(random.Next(5_000));
        }
    }

    private void Hang()
    {
        var server = world.Servers.All[random.Next(world.Servers.All.Count)];
        var pause = LongestHang * random.NextDouble();
        _faults.Record(FaultKinds.HungServer, $"{server.Name} answers nobody for {pause.TotalSeconds:F3} s");
        server.Hang();
        world.Later(pause, server.GoOn);
    }

    private void Jump()
    {
        var seconds = random.Next(-(int)FarthestJump.TotalSeconds, (int)FarthestJump.TotalSeconds);
        if (random.OneIn(3))
        {
            SimulatedServer server = world.Servers.All[random.Next(world.Servers.All.Count)];
            server.Clock.Skew += TimeSpan.FromSeconds(seconds / 80);
            _faults.Record(FaultKinds.ClockJump, $"the clock of {server.Name} is set by {seconds / 80} s");
        }
        else if (world.Machines[random.Next(world.Machines.Count)] is { Process: { } process } machine)
        {
            // Several jumps together lead no farther than one may: how long the world must be waited for depends on that.
            var skew = process.Clock.Skew + TimeSpan.FromSeconds(seconds);
            process.Clock.Skew = skew > FarthestJump ? FarthestJump : skew < -FarthestJump ? -FarthestJump : skew;
            _faults.Record(FaultKinds.ClockJump, $"the clock of {machine.Name} is set by {seconds} s");
        }
    }

    private void Refuse()
    {
        var (partition, time, saysWhen) = (random.Next(Logs.SimulatedLog.PartitionCount), LongestHang * random.NextDouble(), random.OneIn(2));
        _faults.Record(FaultKinds.Refusal, $"partition {partition} takes nothing for {time.TotalSeconds:F3} s");
        world.Servers.Log.Refuse(partition, time, saysWhen);
    }

    private void Operate()
    {
        _faults.Record(FaultKinds.HastyOperator, "an operator replays what is a dead letter");
        world.Run(() => world.Operator.ReplayAsync());
    }

    private void TakeAway(TimeSpan duration)
    {
        var service = world.Machines[random.Next(world.Machines.Count)].Service;
        var time = duration * (0.2 + 0.8 * random.NextDouble());
        _faults.Record(FaultKinds.Outage, $"what {service} needs is away for {time.TotalSeconds:F0} s");
        world.HandlerFaults.TakeAway(service, time);
        if (_faults.IsHarsh)
            world.Crowds.Come(FaultKinds.Outage);
    }
}
