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
    private readonly TextWriter _log;

    private KillTest(KillTestArguments arguments, string folder, Crew crew, TextWriter log)
    {
        var transport = TransportChoice.Create(arguments.Transport, folder);
        _arguments = arguments;
        _crew = crew;
        _log = log;
        _planner = new RoundPlanner(arguments.Seed, crew.Places, arguments.Mode);
        _evidence = new Evidence(folder, transport);
        _drain = new Drain(arguments, crew, _evidence, transport);
    }

    /// <summary>Runs until all rounds are over or something is violated.</summary>
    public static async Task<KillTestReport> RunAsync(KillTestArguments arguments, TextWriter log, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var place = RunFolder.Create(arguments);
        using var crew = new Crew(arguments, place.Path);
        var report = await new KillTest(arguments, place.Path, crew, log).RunAsync(cancellation);
        if (!report.IsClean || place.IsKept)
            await log.WriteLineAsync($"The histories and the database are in {place.Keep()}");
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
        await _crew.KillAsync(plan.Victims, cancellation);
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
