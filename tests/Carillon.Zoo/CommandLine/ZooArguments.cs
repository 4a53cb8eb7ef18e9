using System.Globalization;

namespace Carillon.Zoo.CommandLine;

/// <summary>What the zoo is asked to do.</summary>
internal sealed record ZooArguments
{
    public const string Usage = """
        Lets known bugs of other frameworks out into Carillon, one at a time, and sees whether the simulation finds them.

          --seeds N        how many seeds to try for each bug, at most (default 20000)
          --bug A,B        only these bugs (default: all)
          --from N         the first seed (default 1)
          --threads N      how many seeds to run at once (default: the number of cores)
          --control N      how many seeds to run first without any bug, in which nothing may be found (default 500, at most --seeds)
          --list           say what there is, and run nothing
        """;

    public int Seeds { get; private init; } = 20_000;

    public int Control { get; private init; } = 500;

    public ulong From { get; private init; } = 1;

    public int Threads { get; private init; } = Environment.ProcessorCount;

    public IReadOnlyList<string> Bugs { get; private init; } = [];

    public bool IsListed { get; private init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It says something that there is not.</exception>
    public static ZooArguments Parse(ReadOnlySpan<string> words)
    {
        var arguments = new ZooArguments();
        while (words.Length > 0)
        {
            var value = words.Length > 1 ? words[1] : "";
            (arguments, var used) = words[0] switch
            {
                "--seeds" => (arguments with { Seeds = Number(value) }, 2),
                "--control" => (arguments with { Control = Number(value) }, 2),
                "--from" => (arguments with { From = (ulong)Number(value) }, 2),
                "--threads" => (arguments with { Threads = Number(value) }, 2),
                "--bug" => (arguments with { Bugs = value.Split(',', StringSplitOptions.RemoveEmptyEntries) }, 2),
                "--list" => (arguments with { IsListed = true }, 1),
                var word => throw new FormatException($"{word} is not known."),
            };
            words = words[used..];
        }

        return arguments;
    }

    private static int Number(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new FormatException($"\"{word}\" is not a number above zero.");
}
