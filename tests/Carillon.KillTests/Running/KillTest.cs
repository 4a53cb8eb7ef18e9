using System.Globalization;

namespace Carillon.KillTests;

/// <summary>A run of the harness: rounds of kills, and from time to time a drain with all checks. The place to start reading.</summary>
internal sealed class KillTest
{
    private readonly KillTestArguments _arguments;
    private readonly Crew _crew;
    private readonly RoundPlanner _planner;
    private readonly Evidence _evidence;
    private readonly Drain _drain;
    private readonly IKillableServer? _server;
    private readonly TextWriter _log;

    private KillTest(KillTestArguments arguments, string folder, ITransportPlace place, Crew crew, TextWriter log)
    {
        var transport = TransportChoice.Create(arguments.Transport, place.Address, arguments.Mode);
        _server = place as IKillableServer;
        _arguments = arguments;
        _crew = crew;
        _log = log;
        _planner = new RoundPlanner(
            arguments.Seed, crew.Places, role => Failpoints.Of(arguments.Transport, role, arguments.Mode), arguments.ServerKills);
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
        var verdict = new Verdict([], [], new Repetitions([], []), [], 0);
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
            return KillTestReport.Of(_arguments, round, _evidence.History, verdict) with { Failure = failure.Message };
        }

        return KillTestReport.Of(_arguments, round, _evidence.History, verdict);
    }

    private async Task RunRoundAsync(bool isFirst, CancellationToken cancellation)
    {
        var plan = _planner.Next(_crew.Missing);
        _crew.Start(plan.Trapped, plan.Failpoint);
        if (isFirst || plan.AwaitsReadiness)
            await _crew.AwaitReadinessAsync(cancellation);
        if (plan.Trapped is { } trapped)
            await _crew.AwaitTrapAsync(trapped, cancellation);
        await Patience.PauseAsync(plan.Moment, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (plan.Outage is { } outage)
            await KillServerAsync(plan.Victims, outage, cancellation);
        else
            await _crew.KillAsync(plan.Victims, cancellation);
    }

    private async Task KillServerAsync(IReadOnlyList<CrewPlace> victims, TimeSpan outage, CancellationToken cancellation)
    {
        _crew.NoteServerKill();
        await Task.WhenAll(_server!.KillAsync(), _crew.KillAsync(victims, cancellation));
        await Patience.PauseAsync(outage, cancellation);
        await _server.StartAsync();
    }

    private async Task<Verdict> CheckAsync(int round, CancellationToken cancellation)
    {
        var verdict = await _drain.RunAsync(cancellation);
        await _log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"round {round}: {_evidence.History.Attempts} events, {_evidence.History.Kills} kills, {(verdict.IsClean ? "nothing wrong" : "VIOLATED")}"));
        foreach (var line in verdict.Describe())
            await _log.WriteLineAsync($"  {line}");
        return verdict;
    }
}
