namespace Carillon;

/// <summary>Knows which bug is out. The edited sources ask; nobody else does. All bugs are in, until one is let out.</summary>
internal static class ZooKeeper
{
    private static volatile string? _out;

    /// <summary>Whether a bug is out.</summary>
    public static bool Has(string bug) => _out is { } name && name == bug;

    /// <summary>Lets one bug out, and no other; null keeps all of them in. Not while anything runs.</summary>
    public static void LetOut(string? bug) => _out = bug;
}
