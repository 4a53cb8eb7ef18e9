namespace Carillon.Sqlite;

/// <summary>The one path of a file, whatever symbolic links lead to it.</summary>
internal static class RealPath
{
    private const int LinksMax = 40;

    /// <summary>How paths are told apart where files cannot be: names of these systems do not differ by case alone.</summary>
    public static StringComparison Comparison { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <inheritdoc cref="Comparison"/>
    public static StringComparer Comparer { get; } = StringComparer.FromComparison(Comparison);

    /// <summary>The full path with every link in it followed. What does not exist yet stays as it is written.</summary>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>: the links lead in a circle.</exception>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        for (var followed = 0; followed <= LinksMax; followed++)
        {
            if (FollowFirst(full) is not { } next)
                return full;
            full = next;
        }

        throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration, $"The links of the path {path} lead in a circle. Correct \"Data Source\".");
    }

    /// <summary>The path with its first link replaced by where that leads; null when it holds none.</summary>
    private static string? FollowFirst(string full)
    {
        for (var end = Path.GetPathRoot(full)!.Length; end < full.Length; end++)
        {
            var next = full.IndexOf(Path.DirectorySeparatorChar, end);
            end = next < 0 ? full.Length : next;
            var part = full[..end];
            if (TargetOf(part) is { } target)
                return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(part)!, target) + full[end..]);
        }

        return null;
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whatever is wrong with it, opening it says so better.
            return null;
        }
    }
}
