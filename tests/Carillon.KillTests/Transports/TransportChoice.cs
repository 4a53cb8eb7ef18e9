namespace Carillon.KillTests;

/// <summary>The transports that can be tested.</summary>
internal static class TransportChoice
{
    /// <summary>Their names on the command line.</summary>
    public static readonly IReadOnlyList<string> Names = ["sqlite"];

    /// <summary>Makes one.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="folder">Where its files are.</param>
    public static ITransportUnderTest Create(string name, string folder) => name switch
    {
        "sqlite" => new SqliteUnderTest(folder),
        _ => throw new KillTestArgumentException($"There is no transport \"{name}\"."),
    };
}
