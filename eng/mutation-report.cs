#:property PublishAot=false
// Reads reports of dotnet-stryker. A mutant that is in several counts as the last one says; of a file that changed in between, only the last
// report counts.
//   dotnet run eng/mutation-report.cs -- REPORT…                what survived, and the score per file and per folder
//   dotnet run eng/mutation-report.cs -- --summary REPORT…      the score per folder
//   dotnet run eng/mutation-report.cs -- --survivors REPORT…    where the survivors are, as patterns for dotnet-stryker
using System.Text.Json;

const string home = "/src/Carillon/";
var mode = args is [['-', '-', ..] option, ..] ? option : "";
var files = new Dictionary<string, (string Source, Dictionary<string, Mutant> Mutants)>();
foreach (var path in args.Where(path => path != mode))
    Read(path);
var mutants = files.Values.SelectMany(file => file.Mutants.Values).OrderBy(mutant => mutant.File, StringComparer.Ordinal).ThenBy(mutant => mutant.Start).ToList();
switch (mode)
{
    case "--survivors":
        foreach (var pattern in mutants.Where(mutant => mutant.HasSurvived).Select(PatternOf).Distinct())
            Console.WriteLine(pattern);
        break;
    case "--summary":
        Print("folder", mutants.GroupBy(mutant => Path.GetDirectoryName(mutant.File)!));
        break;
    default:
        foreach (var mutant in mutants.Where(mutant => mutant.HasSurvived))
            Console.WriteLine($"{mutant.File}:{mutant.Line}  {(mutant.Status == "NoCoverage" ? "no test reaches this: " : "")}{mutant.Original}  =>  {mutant.Replacement}");
        Print("file", mutants.GroupBy(mutant => mutant.File));
        Print("folder", mutants.GroupBy(mutant => Path.GetDirectoryName(mutant.File)!));
        break;
}

void Read(string path)
{
    using var report = JsonDocument.Parse(File.ReadAllText(path));
    foreach (var file in report.RootElement.GetProperty("files").EnumerateObject())
    {
        var name = file.Name[(file.Name.IndexOf(home, StringComparison.Ordinal) + home.Length)..];

        // Mutants of other places are in the report as ignored ones, and those that do not compile are no mutants.
        var tried = file.Value.GetProperty("mutants").EnumerateArray()
            .Where(mutant => mutant.GetProperty("status").GetString() is "Killed" or "Timeout" or "Survived" or "NoCoverage").ToList();
        if (tried.Count == 0)
            continue;
        var source = file.Value.GetProperty("source").GetString()!;
        if (!files.TryGetValue(name, out var known) || known.Source != source)
            files[name] = known = (source, []);
        foreach (var mutant in tried)
            Note(name, source, mutant, known.Mutants);
    }
}

static void Note(string name, string source, JsonElement mutant, Dictionary<string, Mutant> mutants)
{
    var location = mutant.GetProperty("location");
    var (start, end) = (Place(source, location.GetProperty("start")), Place(source, location.GetProperty("end")));
    var replacement = mutant.GetProperty("replacement").GetString()!;
    mutants[$"{start} {end} {replacement}"] = new Mutant(
        name, start, end, location.GetProperty("start").GetProperty("line").GetInt32(), mutant.GetProperty("status").GetString()!, OneLine(source[start..end]), OneLine(replacement));
}

static int Place(string source, JsonElement position)
{
    var start = 0;
    for (var line = 1; line < position.GetProperty("line").GetInt32(); line++)
        start = source.IndexOf('\n', start) + 1;
    return start + position.GetProperty("column").GetInt32() - 1;
}

string PatternOf(Mutant mutant) =>
    File.ReadAllText("src/Carillon/" + mutant.File) == files[mutant.File].Source ? $"{mutant.File}{{{mutant.Start}..{mutant.End}}}" : mutant.File;

static void Print(string what, IEnumerable<IGrouping<string, Mutant>> groups)
{
    Console.WriteLine();
    Console.WriteLine($"| {what} | mutants | killed | timed out | survived | not reached | score |");
    Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    var all = groups.ToList();
    foreach (var group in all)
        PrintRow(group.Key, group);
    if (all.Count > 1)
        PrintRow("total", all.SelectMany(group => group));
}

static void PrintRow(string name, IEnumerable<Mutant> mutants)
{
    var counts = mutants.CountBy(mutant => mutant.Status).ToDictionary();
    var (killed, late) = (counts.GetValueOrDefault("Killed"), counts.GetValueOrDefault("Timeout"));
    var (survived, missed) = (counts.GetValueOrDefault("Survived"), counts.GetValueOrDefault("NoCoverage"));
    var all = killed + late + survived + missed;
    Console.WriteLine($"| {name} | {all} | {killed} | {late} | {survived} | {missed} | {100.0 * (killed + late) / all:F1} % |");
}

static string OneLine(string text)
{
    var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    return line.Length <= 160 ? line : string.Concat(line.AsSpan(0, 157), "…");
}

internal sealed record Mutant(string File, int Start, int End, int Line, string Status, string Original, string Replacement)
{
    public bool HasSurvived => Status is "Survived" or "NoCoverage";
}
