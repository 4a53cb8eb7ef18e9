using System.Reflection;

namespace Carillon.Zoo.Hunting;

/// <summary>A bug of the zoo.</summary>
/// <param name="Name">Its name, that of its file.</param>
/// <param name="Title">What goes wrong, for people.</param>
/// <param name="Peers">Who had it, and where that is written.</param>
/// <param name="Breaks">Which guarantee it breaks.</param>
internal sealed record Bug(string Name, string Title, string Peers, string Breaks)
{
    private const string Extension = ".bug";

    /// <summary>All bugs, by name.</summary>
    public static IReadOnlyList<Bug> All { get; } = [.. Read().OrderBy(bug => bug.Name, StringComparer.Ordinal)];

    private static IEnumerable<Bug> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(Extension, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return Parse(resource[..^Extension.Length], reader.ReadToEnd());
        }
    }

    private static Bug Parse(string name, string text)
    {
        var header = text.Split('\n').TakeWhile(line => !line.StartsWith("===", StringComparison.Ordinal))
            .Select(line => line.Split(": ", 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1].Trim());
        return new Bug(name, Field("title"), Field("peers"), Field("breaks"));

        string Field(string field) => header.TryGetValue(field, out var value) && value.Length > 0
            ? value
            : throw new FormatException($"The bug {name} has no line \"{field}: …\" before its first edit.");
    }
}
