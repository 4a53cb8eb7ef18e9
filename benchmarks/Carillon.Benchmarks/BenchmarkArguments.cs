using System.Globalization;

namespace Carillon.Benchmarks;

/// <summary>What was asked for on the command line.</summary>
public sealed record BenchmarkArguments
{
    public const string Usage = """
        dotnet run -c Release --project benchmarks/Carillon.Benchmarks -- [options]
          --only TEXT      only rows whose group or name contains the text, such as inmemory, sqlite, limit
          --seconds N      how long each run lasts (default 3)
          --runs N         how many runs the median is taken of, after one warm-up (default 3)
          --rate N         events per second of the open-loop latency rows (default 2000)
          --held-up N      only this: a key of N events is held up by its first one, and let go
          --at-rest N      only this: what N keys that are held up cost while nothing happens
          --hot-key N      only this: how long an event waits behind N events of another key
          --postgresql C   only the rows of transactions, on the server of this connection string: it loses its schemas carillon_benchmark and
                           wolverine; with --held-up, --at-rest and --hot-key: there instead of on SQLite
          --folder PATH    where database files are made and deleted (default: the temporary folder)
        """;

    public string Only { get; private init; } = "";

    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(3);

    public int Runs { get; private init; } = 3;

    public int Rate { get; private init; } = 2000;

    public string Folder { get; private init; } = Path.GetTempPath();

    /// <summary>How many events of one key are held up; 0 for the rows of the suite.</summary>
    public int HeldUp { get; private init; }

    /// <summary>How many keys are held up while nothing happens; 0 for the rows of the suite.</summary>
    public int AtRest { get; private init; }

    /// <summary>How many events of one key wait before another one; 0 for the rows of the suite.</summary>
    public int HotKey { get; private init; }

    /// <summary>The server for transactions, <see cref="HeldUp"/>, <see cref="AtRest"/> and <see cref="HotKey"/>, or null for SQLite.</summary>
    public string? PostgreSql { get; private init; }

    public bool ShowUsage { get; private init; }

    public static bool TryParse(string[] args, out BenchmarkArguments arguments, out string error)
    {
        arguments = new();
        error = "";
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--help" or "-h")
            {
                arguments = arguments with { ShowUsage = true };
                continue;
            }

            if (i + 1 == args.Length || arguments.With(args[i], args[i + 1]) is not { } next)
            {
                error = $"not understood: {string.Join(' ', args[i..])}";
                return false;
            }

            arguments = next;
            i++;
        }

        return true;
    }

    private BenchmarkArguments? With(string option, string value) => option switch
    {
        "--only" => this with { Only = value },
        "--folder" when Directory.Exists(value) => this with { Folder = value },
        "--seconds" when Number(value, 600) is { } seconds => this with { Duration = TimeSpan.FromSeconds(seconds) },
        "--held-up" when Number(value, 10_000_000) is { } events => this with { HeldUp = (int)events },
        "--at-rest" when Number(value, 10_000_000) is { } keys => this with { AtRest = (int)keys },
        "--hot-key" when Number(value, 10_000_000) is { } events => this with { HotKey = (int)events },
        "--postgresql" => this with { PostgreSql = value },
        "--runs" when Number(value, 100) is { } runs => this with { Runs = (int)runs },
        "--rate" when Number(value, 1_000_000) is { } rate => this with { Rate = (int)rate },
        _ => null,
    };

    private static double? Number(string text, double most) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number : null;
}
