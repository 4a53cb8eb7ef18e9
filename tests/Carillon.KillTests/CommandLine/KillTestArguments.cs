using System.Globalization;

namespace Carillon.KillTests;

/// <summary>What was asked for on the command line.</summary>
internal sealed record KillTestArguments
{
    public const string Usage = """
        dotnet run -c Release --project tests/Carillon.KillTests -- --transport sqlite|postgres|sqlite-outbox --mode at-least-once|exactly-once|ef --rounds N [options]
          --seed S          repeats the kills of an earlier run (default: chosen, and printed)
          --keys N          keys of each publisher, 1 to 1000 (default 6)
          --publishers N    publisher processes, 1 to 8 (default 2)
          --handlers N      handler processes, 1 to 8 (default 2)
          --rate N          events per second of all publishers together, 1 to 100000 (default 20)
          --drain-every N   rounds between two full checks, 1 to 100000 (default 10)
          --patience N      seconds until what was acknowledged must have been handled, 1 to 3600 (default 60)
          --server-kills N  kills the server too, in N of 100 rounds, 1 to 100 (default none; postgres only, on a server of the harness's own)
          --folder PATH     where the database and the histories are made, and kept (default: a temporary folder)
          --deploy          two generations of the service side by side, rolled out and back
          --hang            handlers that never come back, some of which heed no cancellation; processes are also asked to stop
          --pause           processes stand still for longer than their leases, at random moments and between two steps, and go on
          --outage SECONDS  the database, or what the handlers need, is away for so long, 1 to 3600
          --keep            keeps the temporary folder; without it, it is kept only when something was violated
          --sabotage NAME   does wrong on purpose, and the checks must find it: settle-before-commit, write-outside, pass-by-what-is-new, give-up-early, publish-outside, stay-behind
        """;

    private static readonly string[] Needed = ["--transport", "--mode", "--rounds"];

    private static readonly Dictionary<string, Disturbances> Switches = new(StringComparer.Ordinal)
    {
        ["--deploy"] = Disturbances.Deploy,
        ["--hang"] = Disturbances.Hang,
        ["--pause"] = Disturbances.Pause,
    };

    private static readonly Dictionary<string, Sabotage> Sabotages = new(StringComparer.Ordinal)
    {
        ["settle-before-commit"] = Sabotage.SettleBeforeCommit,
        ["write-outside"] = Sabotage.WriteOutside,
        ["pass-by-what-is-new"] = Sabotage.PassByWhatIsNew,
        ["give-up-early"] = Sabotage.GiveUpEarly,
        ["publish-outside"] = Sabotage.PublishOutside,
        ["stay-behind"] = Sabotage.StayBehind,
    };

    public string Transport { get; private init; } = "";

    public DeliveryGuarantee Mode { get; private init; }

    /// <summary>Whether publishers and handlers work through Entity Framework Core.</summary>
    public bool UsesContexts { get; private init; }

    public int Rounds { get; private init; }

    public int Seed { get; private init; }

    public int Keys { get; private init; } = 6;

    public int Publishers { get; private init; } = 2;

    public int Handlers { get; private init; } = 2;

    public int Rate { get; private init; } = 20;

    public int DrainEvery { get; private init; } = 10;

    /// <summary>In how many of a hundred rounds the server of the transport is killed too.</summary>
    public int ServerKills { get; private init; }

    public TimeSpan Patience { get; private init; } = TimeSpan.FromSeconds(60);

    public string? Folder { get; private init; }

    public bool Keep { get; private init; }

    public Sabotage Sabotage { get; private init; }

    /// <summary>The sabotage as it is written on the command line, or null.</summary>
    public string? SabotageName => Sabotages.FirstOrDefault(pair => pair.Value == Sabotage).Key;

    /// <summary>What goes on beside the kills.</summary>
    public Disturbances Disturbances { get; private init; }

    /// <summary>How long an outage lasts.</summary>
    public TimeSpan Outage { get; private init; }

    /// <summary>The mode as it is written on the command line.</summary>
    public string ModeName => (Mode, UsesContexts) switch
    {
        (_, true) => "ef",
        (DeliveryGuarantee.ExactlyOnce, _) => "exactly-once",
        _ => "at-least-once",
    };

    /// <exception cref="KillTestArgumentException">Something is missing, unknown or out of range.</exception>
    public static KillTestArguments Parse(IReadOnlyList<string> args)
    {
        var arguments = new KillTestArguments { Seed = Random.Shared.Next(1, int.MaxValue) };
        var given = new HashSet<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (!given.Add(args[i]))
                throw new KillTestArgumentException($"{args[i]} is given twice.");
            if (args[i] == "--keep")
                arguments = arguments with { Keep = true };
            else if (Switches.TryGetValue(args[i], out var disturbance))
                arguments = arguments with { Disturbances = arguments.Disturbances | disturbance };
            else
                arguments = arguments.With(args[i], i + 1 < args.Count ? args[++i] : throw new KillTestArgumentException($"{args[i]} needs a value, or is not an option."));
        }

        if (Needed.FirstOrDefault(needed => !given.Contains(needed)) is { } missing)
            throw new KillTestArgumentException($"{missing} is missing.");
        if (arguments.ServerKills > 0 && !TransportChoice.WithServer.Contains(arguments.Transport))
            throw new KillTestArgumentException($"--server-kills needs a transport with a server, but {arguments.Transport} has none.");
        if (arguments is { Sabotage: Sabotage.PublishOutside, UsesContexts: false })
            throw new KillTestArgumentException("--sabotage publish-outside needs --mode ef: elsewhere there is no save to publish beside.");
        return arguments;
    }

    private KillTestArguments With(string option, string value) => option switch
    {
        "--transport" => TransportChoice.Names.Contains(value)
            ? this with { Transport = value }
            : throw Wrong(option, value, $"one of {string.Join(", ", TransportChoice.Names)}"),
        "--mode" => this with { Mode = ParseMode(value), UsesContexts = value == "ef" },
        "--rounds" => this with { Rounds = Number(option, value, 1_000_000) },
        "--seed" => this with { Seed = Number(option, value, int.MaxValue) },
        "--keys" => this with { Keys = Number(option, value, 1_000) },
        "--publishers" => this with { Publishers = Number(option, value, 8) },
        "--handlers" => this with { Handlers = Number(option, value, 8) },
        "--rate" => this with { Rate = Number(option, value, 100_000) },
        "--drain-every" => this with { DrainEvery = Number(option, value, 100_000) },
        "--patience" => this with { Patience = TimeSpan.FromSeconds(Number(option, value, 3_600)) },
        "--server-kills" => this with { ServerKills = Number(option, value, 100) },
        "--folder" => this with { Folder = value },
        "--outage" => this with { Outage = TimeSpan.FromSeconds(Number(option, value, 3_600)), Disturbances = Disturbances | Disturbances.Outage },
        "--sabotage" => Sabotages.TryGetValue(value, out var sabotage)
            ? this with { Sabotage = sabotage }
            : throw Wrong(option, value, $"one of {string.Join(", ", Sabotages.Keys)}"),
        _ => throw new KillTestArgumentException($"{option} is not an option."),
    };

    private static DeliveryGuarantee ParseMode(string value) => value switch
    {
        "at-least-once" => DeliveryGuarantee.AtLeastOnce,
        "exactly-once" or "ef" => DeliveryGuarantee.ExactlyOnce,
        _ => throw Wrong("--mode", value, "at-least-once, exactly-once or ef"),
    };

    private static int Number(string option, string value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw Wrong(option, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {most}"));

    private static KillTestArgumentException Wrong(string option, string value, string allowed) => new($"{option} is \"{value}\", but must be {allowed}.");
}
