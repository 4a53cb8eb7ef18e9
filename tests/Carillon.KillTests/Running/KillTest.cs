using System.Globalization;

namespace Carillon.KillTests;

/// <summary>A run of the harness: rounds of kills, and from time to time a drain with all checks. The place to start reading.</summary>
internal sealed class KillTest
{
    private readonly KillTestArguments _arguments;
    private readonly Crew _crew;
    private readonly RoundPlanner _planner;
    private readonly DisturbancePlanner _disturbances;
    private readonly Outages _outages;
    private readonly Evidence _evidence;
    private readonly Drain _drain;
    private readonly IKillableServer? _server;
    private readonly TextWriter _log;
    private int _deployments;

    private KillTest(KillTestArguments arguments, string folder, ITransportPlace place, Crew crew, TextWriter log)
    {
        var timing = Timing.Of(arguments.Mode, arguments.Disturbances);
        var transport = TransportChoice.Create(arguments.Transport, place.Address, timing);
        _server = place as IKillableServer;
        _arguments = arguments;
        _crew = crew;
        _log = log;
        _planner = new RoundPlanner(arguments.Seed, crew.Places, FailpointsOf, arguments.ServerKills);
        _disturbances = new DisturbancePlanner(
            arguments.Seed, crew.Places, FailpointsOf, arguments.Disturbances, arguments.Transport == "postgres" ? timing.Lease : timing.WatchedLease);
        _outages = new Outages(place, new Dependency(folder), arguments.Outage);
        _evidence = new Evidence(folder, transport);
        _drain = new Drain(arguments, crew, _evidence, transport);
    }

    /// <summary>Runs until all rounds are over or something is violated.</summary>
    public static async Task<KillTestReport> RunAsync(KillTestArguments arguments, TextWriter log, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var folder = RunFolder.Create(arguments);
        await using var place = await TransportChoice.PrepareAsync(arguments, folder.Path);
        using var crew = new Crew(arguments, folder.Path, place.Address);
        var report = await new KillTest(arguments, folder.Path, place, crew, log).RunAsync(cancellation);
        if (!report.IsClean || folder.IsKept)
            await log.WriteLineAsync($"The histories and what else is in files are in {folder.Keep()}");
        return report with { Seconds = Math.Round(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 1) };
    }

    private async Task<KillTestReport> RunAsync(CancellationToken cancellation)
    {
        var verdict = Verdict.Nothing;
        var round = 0;
        try
        {
            while (round < _arguments.Rounds && verdict.IsClean)
            {
                await RunRoundAsync(isFirst: round == 0, cancellation);
                round++;
                if (round % _arguments.DrainEvery == 0 || round == _arguments.Rounds)
                    verdict = await CheckAsync(round, cancellation);
            }
        }
        catch (KillTestFailedException failure)
        {
            await _log.WriteLineAsync($"round {round + 1}: {failure.Message}");
            return Report(round, verdict) with { Failure = failure.Message };
        }

        return Report(round, verdict);
    }

    private KillTestReport Report(int round, Verdict verdict) =>
        KillTestReport.Of(_arguments, round, _evidence.History, verdict) with { Deployments = _deployments, Outages = _outages.Count };

    private async Task RunRoundAsync(bool isFirst, CancellationToken cancellation)
    {
        var disturbance = _disturbances.Next();
        _deployments += await _crew.DeployAsync(disturbance.Deployment, cancellation);
        var plan = _planner.Next(_crew.Missing);
        _crew.Start(plan.Trapped, plan.Failpoint, hangs: _arguments.Disturbances.HasFlag(Disturbances.Hang));
        // What is new is asked for by then, and nobody can start while the database is away.
        if (isFirst || plan.AwaitsReadiness || disturbance.Deployment.Count > 0 || disturbance.Outage != Outage.None)
            await _crew.AwaitReadinessAsync(cancellation);
        if (plan.Trapped is { } trapped)
            await _crew.AwaitTrapAsync(trapped, cancellation);
        await Patience.PauseAsync(plan.Moment, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (plan.Outage is { } outage)
            await KillServerAsync(plan.Victims, outage, cancellation);
        else
            await StrikeAsync(plan.Victims, disturbance, cancellation);
    }

    private async Task StrikeAsync(IReadOnlyList<CrewPlace> victims, Disturbance disturbance, CancellationToken cancellation)
    {
        if (disturbance.Trapped is { } halting)
        {
            _crew.Trap(halting, disturbance.Failpoint!);
            await _crew.AwaitHaltAsync(halting, cancellation);
        }

        if (disturbance.Standstill is { } time)
            await _crew.HaltAsync(victims, time, cancellation);
        else if (disturbance.Retires)
            await _crew.RetireAsync(victims, cancellation);
        else
            await _outages.RunAsync(disturbance.Outage, () => _crew.KillAsync(victims, cancellation), cancellation);
    }

    private IReadOnlyList<string> FailpointsOf(RoleName role) => Failpoints.Of(_arguments.Transport, role, _arguments.Mode, _arguments.UsesContexts);

    private async Task KillServerAsync(IReadOnlyList<CrewPlace> victims, TimeSpan outage, CancellationToken cancellation)
    {
        _crew.NoteServerKill();
        await Task.WhenAll(_server!.KillAsync(), _crew.KillAsync(victims, cancellation));
        await Patience.PauseAsync(outage, cancellation);
        await _server.StartAsync();
    }

    private async Task<Verdict> CheckAsync(int round, CancellationToken cancellation)
    {
        _deployments += await _crew.DeployAsync(_disturbances.Final(), cancellation);
        var verdict = await _drain.RunAsync(cancellation);
        await _log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"round {round}: {_evidence.History.Attempts} events, {_evidence.History.Kills} kills, {(verdict.IsClean ? "nothing wrong" : "VIOLATED")}"));
        foreach (var line in verdict.Describe())
            await _log.WriteLineAsync($"  {line}");
        return verdict;
    }
}
