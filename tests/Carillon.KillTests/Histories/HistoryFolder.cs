namespace Carillon.KillTests;

/// <summary>The histories of a run: one file for each place in the crew, and one of the harness.</summary>
internal sealed class HistoryFolder(string folder)
{
    private readonly Dictionary<string, HistoryFile> _files = new(StringComparer.Ordinal);

    /// <summary>The file of one place in the crew, or of the harness.</summary>
    public static string PathOf(string folder, string owner) => Path.Combine(folder, $"{owner}.history.jsonl");

    /// <summary>Adds to a history what was written since the last time.</summary>
    public void ReadNew(History history)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.history.jsonl").Order(StringComparer.Ordinal))
        {
            if (!_files.TryGetValue(path, out var file))
                _files.Add(path, file = new HistoryFile(path));
            foreach (var line in file.ReadNew())
                history.Add(line);
        }
    }
}
