using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Faults;

/// <summary>Texts as they come from outside: what is in them no program can choose.</summary>
internal static class HostileTexts
{
    /// <summary>What a store may refuse for a reason of its own, however well it can be stored.</summary>
    public const string Refused = "a word that somebody has forbidden";

    private static readonly string[] _texts =
    [
        "nothing \0 ends here",
        "half of a pair: \uD83D",
        "the other half: \uDD14 first",
        "\u202Egnp.txt.exe",
        "one line\r\nlevel=critical another line",
        "\u001B[31mred\u001B[0m",
        "\uFEFF\uFFFE\uFFFF",
        Refused,
        "'); DROP TABLE carillon_messages; --",
        new string('x', 4_095) + "\uD83D\uDD14",
        new string('\u20AC', 100_000),
    ];

    /// <summary>One of them, mostly with something before it, so that a cut falls anywhere.</summary>
    public static string Next(SeededRandom random) => new string('-', random.Next(3)) + _texts[random.Next(_texts.Length)];
}
