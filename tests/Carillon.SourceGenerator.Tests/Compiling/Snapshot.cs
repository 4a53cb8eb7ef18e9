using System.Runtime.CompilerServices;

namespace Carillon.SourceGenerator.Tests.Compiling;

/// <summary>
/// Compares a text with a file beside the tests. With CARILLON_UPDATE_SNAPSHOTS=1 the file is written instead; look at the difference
/// before you commit it.
/// </summary>
internal static class Snapshot
{
    private const string UpdateVariable = "CARILLON_UPDATE_SNAPSHOTS";

    public static void Verify(string actual, string name, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, "Snapshots", $"{name}.verified.cs");
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        var expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (actual != expected)
            Assert.Fail(Describe(expected, actual, path));
    }

    private static string Describe(string expected, string actual, string path)
    {
        var wanted = expected.Split('\n');
        var found = actual.Split('\n');
        var line = 0;
        while (line < wanted.Length && line < found.Length && wanted[line] == found[line])
            line++;
        return $"""
            {path} differs at line {line + 1}:
              expected: {LineAt(wanted, line)}
              actual:   {LineAt(found, line)}
            If the new output is right, run the tests once with {UpdateVariable}=1. All of it:
            {actual}
            """;
    }

    private static string LineAt(string[] lines, int index) => index < lines.Length ? lines[index] : "(the end)";
}
