using System.Globalization;
using Carillon.Zoo.CommandLine;

namespace Carillon.Zoo.Hunting;

/// <summary>Goes through the zoo, one bug after the other, and prints a table. The place to start reading.</summary>
internal sealed class Tour(ZooArguments arguments)
{
    private const double LeastFound = 0.9;

    private readonly IReadOnlyList<Bug> _bugs = Choose(arguments.Bugs);

    /// <summary>Says what there is.</summary>
    public void List()
    {
        foreach (var bug in _bugs)
            Console.WriteLine($"| {bug.Name} | {bug.Title} | {bug.Peers} | {bug.Breaks} |");
    }

    /// <summary>Looks for all bugs.</summary>
    /// <returns>Whether enough were found, and nothing where there was none.</returns>
    public bool Run()
    {
        var control = Hunt.For(null, arguments.From, Math.Min(arguments.Control, arguments.Seeds), arguments.Threads);
        if (control.Seed is { } seed)
        {
            Console.WriteLine(Line($"Without any bug, seed {seed} violates \"{control.Rule}\": {control.What}"));
            return false;
        }

        Console.WriteLine(Line($"Without any bug: {control.Runs} runs, no violation.\n\n| bug | peers | found | runs to find | seed | violated rule |\n| --- | --- | --- | ---: | ---: | --- |"));
        var found = _bugs.Count(TryFind);
        Console.WriteLine(Line($"\n{found} of {_bugs.Count} found"));
        return found >= LeastFound * _bugs.Count;
    }

    private bool TryFind(Bug bug)
    {
        var caught = Hunt.For(bug, arguments.From, arguments.Seeds, arguments.Threads);
        Console.WriteLine(caught.Seed is { } seed
            ? Line($"| {bug.Name} | {bug.Peers} | yes | {caught.Runs} | {seed} | {caught.Rule} |")
            : Line($"| {bug.Name} | {bug.Peers} | **no** | not in {caught.Runs} | | |"));
        return caught.Seed is not null;
    }

    private static List<Bug> Choose(IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => Bug.All.All(bug => bug.Name != name)) is { } unknown)
            throw new FormatException($"There is no bug \"{unknown}\". There are {string.Join(", ", Bug.All.Select(bug => bug.Name))}.");
        return [.. Bug.All.Where(bug => names.Count == 0 || names.Contains(bug.Name))];
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
