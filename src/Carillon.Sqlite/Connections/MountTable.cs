namespace Carillon.Sqlite;

/// <summary>Which file system a path is on, as Linux tells it in <c>/proc/self/mountinfo</c>.</summary>
internal static class MountTable
{
    private const string Source = "/proc/self/mountinfo";

    /// <summary>The type of the file system, such as <c>ext4</c>; null where the system does not tell.</summary>
    public static string? FileSystemOf(string path)
    {
        try
        {
            return File.Exists(Source) ? FileSystemOf(path, File.ReadLines(Source)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The same, from the lines of a mount table: the last mount with the longest mount point counts.</summary>
    public static string? FileSystemOf(string path, IEnumerable<string> lines)
    {
        string? type = null;
        var longest = -1;
        foreach (var line in lines)
        {
            var fields = line.Split(' ');
            var separator = Array.IndexOf(fields, "-");
            if (fields.Length < 5 || separator < 0 || separator + 1 >= fields.Length)
                continue;
            var mountPoint = Unescape(fields[4]);
            if (mountPoint.Length >= longest && Contains(mountPoint, path))
            {
                longest = mountPoint.Length;
                type = fields[separator + 1];
            }
        }

        return type;
    }

    private static bool Contains(string mountPoint, string path) =>
        mountPoint == "/" || path == mountPoint || path.StartsWith(mountPoint + "/", StringComparison.Ordinal);

    private static string Unescape(string text) => text
        .Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);
}
