using System.Globalization;
using Carillon.Testing;

namespace Carillon.Simulations.CommandLine;

/// <summary>What the simulation is asked to do.</summary>
internal sealed record SimulationArguments
{
    public const string Usage = """
        Runs services of Carillon from seeds, with faults, and checks that nothing is lost, doubled or out of order.

          --seeds N        how many seeds to run (default 1000)
          --from N         the first seed (default 1)
          --seed N         one seed only
          --trace          print everything that happens in it
          --fault A,B      only these kinds of faults (default: each seed draws among all)
          --twice          run every seed twice and compare the fingerprints of all that happened
          --threads N      how many seeds to run at once (default: the number of cores)
          --zoo            let known bugs of other frameworks loose, one at a time, and see whether they are found;
                           everything else on the command line goes to the zoo
        """;

    public int Seeds { get; private init; } = 1_000;

    public ulong From { get; private init; } = 1;

    public bool IsTraced { get; private init; }

    public bool IsTwice { get; private init; }

    /// <summary>What may go wrong, or null for everything that Carillon bears.</summary>
    public FaultKinds? Faults { get; private init; }

    public int Threads { get; private init; } = Environment.ProcessorCount;

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It says something that there is not.</exception>
    public static SimulationArguments Parse(ReadOnlySpan<string> words)
    {
        var arguments = new SimulationArguments();
        while (words.Length > 0)
        {
            var value = words.Length > 1 ? words[1] : "";
            (arguments, var used) = words[0] switch
            {
                "--seeds" => (arguments with { Seeds = (int)Number(value) }, 2),
                "--from" => (arguments with { From = Number(value) }, 2),
                "--seed" => (arguments with { Seeds = 1, From = Number(value) }, 2),
                "--threads" => (arguments with { Threads = (int)Number(value) }, 2),
                "--fault" => (arguments with { Faults = Kinds(value) }, 2),
                "--trace" => (arguments with { IsTraced = true }, 1),
                "--twice" => (arguments with { IsTwice = true }, 1),
                var word => throw new FormatException($"{word} is not known."),
            };
            words = words[used..];
        }

        return arguments;
    }

    private static ulong Number(string word) =>
        ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= int.MaxValue * 1_000_000UL
            ? number
            : throw new FormatException($"\"{word}\" is not a number above zero.");

    private static FaultKinds Kinds(string words) => words.Split(',').Aggregate(
        FaultKinds.None,
        (kinds, word) => Enum.TryParse<FaultKinds>(word, ignoreCase: true, out var kind) && !int.TryParse(word, out _)
            ? kinds | kind
            : throw new FormatException($"\"{word}\" is no kind of fault. There are {string.Join(", ", Enum.GetNames<FaultKinds>())}."));
}
