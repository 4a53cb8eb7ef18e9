#:property PublishAot=false
// Reads reports of dotnet-stryker: prints what survived, and the score per file and per folder.
//   dotnet run eng/mutation-report.cs -- [--summary] REPORT…        (--summary: the folders only)
using System.Text.Json;

var isSummary = args is ["--summary", ..];
var mutants = args.Where(path => path != "--summary").SelectMany(ReadMutants).ToList();
if (!isSummary)
{
    foreach (var survivor in mutants.Where(mutant => mutant.Status is "Survived" or "NoCoverage").OrderBy(mutant => mutant.File, StringComparer.Ordinal).ThenBy(mutant => mutant.Line))
        Console.WriteLine($"{survivor.File}:{survivor.Line}  {(survivor.Status == "NoCoverage" ? "no test reaches this: " : "")}{survivor.Original}  =>  {survivor.Replacement}");
    Print("file", mutants.GroupBy(mutant => mutant.File));
}

Print("folder", mutants.GroupBy(mutant => Path.GetDirectoryName(mutant.File)!));

static void Print(string what, IEnumerable<IGrouping<string, Mutant>> groups)
{
    Console.WriteLine();
    Console.WriteLine($"| {what} | mutants | killed | timed out | survived | not reached | score |");
    Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    var sorted = groups.OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
    foreach (var group in sorted)
        PrintRow(group.Key, group);
    if (sorted.Count > 1)
        PrintRow("total", sorted.SelectMany(group => group));
}

static void PrintRow(string name, IEnumerable<Mutant> mutants)
{
    var of = mutants.CountBy(mutant => mutant.Status).ToDictionary();
    var (killed, late) = (of.GetValueOrDefault("Killed"), of.GetValueOrDefault("Timeout"));
    var (survived, missed) = (of.GetValueOrDefault("Survived"), of.GetValueOrDefault("NoCoverage"));
    var all = killed + late + survived + missed;
    var score = all == 0 ? "" : $"{100.0 * (killed + late) / all:F1} %";
    Console.WriteLine($"| {name} | {all} | {killed} | {late} | {survived} | {missed} | {score} |");
}

// Mutants of other folders are in the report as ignored ones, and those that do not compile are no mutants.
static IEnumerable<Mutant> ReadMutants(string path)
{
    using var report = JsonDocument.Parse(File.ReadAllText(path));
    var found = new List<Mutant>();
    foreach (var file in report.RootElement.GetProperty("files").EnumerateObject())
    {
        var name = file.Name[(file.Name.LastIndexOf("/src/", StringComparison.Ordinal) + "/src/".Length)..];
        var lines = file.Value.GetProperty("source").GetString()!.Split('\n');
        foreach (var mutant in file.Value.GetProperty("mutants").EnumerateArray())
        {
            var status = mutant.GetProperty("status").GetString()!;
            if (status is "Killed" or "Timeout" or "Survived" or "NoCoverage")
                found.Add(new Mutant(name, mutant.GetProperty("location").GetProperty("start").GetProperty("line").GetInt32(), status,
                    Original(lines, mutant.GetProperty("location")), OneLine(mutant.GetProperty("replacement").GetString()!)));
        }
    }

    return found;
}

static string Original(string[] lines, JsonElement location)
{
    var (start, end) = (location.GetProperty("start"), location.GetProperty("end"));
    var (first, last) = (start.GetProperty("line").GetInt32(), end.GetProperty("line").GetInt32());
    var (from, to) = (start.GetProperty("column").GetInt32() - 1, end.GetProperty("column").GetInt32() - 1);
    return first == last
        ? OneLine(lines[first - 1][from..to])
        : OneLine(string.Join('\n', [lines[first - 1][from..], .. lines[first..(last - 1)], lines[last - 1][..to]]));
}

static string OneLine(string text)
{
    var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    return line.Length <= 160 ? line : string.Concat(line.AsSpan(0, 157), "…");
}

internal sealed record Mutant(string File, int Line, string Status, string Original, string Replacement);
