using System.Text.Json;

namespace Carillon.KillTests;

/// <summary>The result of a run, as one line of JSON.</summary>
internal sealed record KillTestReport
{
    public required string Transport { get; init; }

    public required string Mode { get; init; }

    /// <summary>What went on beside the kills.</summary>
    public required string Disturbances { get; init; }

    /// <summary>What was done wrong on purpose, or null.</summary>
    public string? Sabotage { get; init; }

    /// <summary>The rounds that were played to their end.</summary>
    public required int Rounds { get; init; }

    /// <summary>The messages that were to be published.</summary>
    public required int Events { get; init; }

    public required int Acknowledged { get; init; }

    public required int Lost { get; init; }

    public required int Phantom { get; init; }

    /// <summary>Effects that are one too many and that the mode does not allow.</summary>
    public required int DoubleEffects { get; init; }

    /// <summary>Effects that are one too many, explained by a kill; at least once allows them.</summary>
    public required int Duplicates { get; init; }

    public required int OrderViolations { get; init; }

    /// <summary>Dead letters that should not have been.</summary>
    public required int WronglyGivenUp { get; init; }

    /// <summary>Rows of publishers without their message, and messages without their row.</summary>
    public required int Parted { get; init; }

    /// <summary>Messages that were published and rolled back on purpose.</summary>
    public required int Discarded { get; init; }

    public required int Unsettled { get; init; }

    /// <summary>Processes that were killed, by the harness or by themselves at a failpoint.</summary>
    public required int Kills { get; init; }

    /// <summary>How often a process stood still, halted by the harness or by itself at a failpoint.</summary>
    public required int Halts { get; init; }

    /// <summary>How often a place was given another generation of its service.</summary>
    public int Deployments { get; init; }

    /// <summary>How often the database, or what the handlers need, was away.</summary>
    public int Outages { get; init; }

    /// <summary>How often the transport's server was killed and started again.</summary>
    public required int ServerKills { get; init; }

    /// <summary>How often a process killed itself, or stood still, at each failpoint.</summary>
    public required IReadOnlyDictionary<string, int> Failpoints { get; init; }

    /// <summary>With no violation in N rounds, the true rate per round is below this with 95 % confidence.</summary>
    public required double Bound95 { get; init; }

    public required int Seed { get; init; }

    public double Seconds { get; init; }

    /// <summary>What no kill explains, such as a process that ended by itself; or null.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether every guarantee was kept.</summary>
    public bool IsClean => Failure is null && Lost + Phantom + DoubleEffects + OrderViolations + WronglyGivenUp + Parted + Unsettled == 0;

    public static KillTestReport Of(KillTestArguments arguments, int rounds, History history, Verdict verdict) => new()
    {
        Transport = arguments.Transport,
        Mode = arguments.ModeName,
        Disturbances = arguments.Disturbances.ToString(),
        Sabotage = arguments.SabotageName,
        Rounds = rounds,
        Events = history.Attempts,
        Acknowledged = history.Acknowledged.Count(),
        Lost = verdict.Lost.Count,
        Phantom = verdict.Phantom.Count,
        DoubleEffects = verdict.Repeated.Wrong.Count,
        Duplicates = verdict.Repeated.Explained.Count,
        OrderViolations = verdict.OutOfOrder.Count,
        WronglyGivenUp = verdict.Buried.Count,
        Parted = verdict.Parted.Count,
        Discarded = history.Discarded,
        Unsettled = verdict.Unsettled,
        Kills = history.Kills,
        Halts = history.Halts,
        ServerKills = history.ServerKills,
        Failpoints = history.Failpoints,
        Bound95 = Math.Round(3.0 / Math.Max(rounds, 1), 5),
        Seed = arguments.Seed,
    };

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.KillTestReport);
}
