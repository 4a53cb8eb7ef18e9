namespace OrderFlow.Tests.CommandLine;

/// <summary>A command that a README tells its reader to type: <c>curl</c>, what it sends and to where.</summary>
/// <param name="Host">The host and port that it asks.</param>
/// <param name="Path">What it asks for there.</param>
/// <param name="Body">What it posts, or null when it only reads.</param>
internal sealed record ReadmeCommand(string Host, string Path, string? Body)
{
    /// <summary>The commands of a page, in order.</summary>
    public static IReadOnlyList<ReadmeCommand> Of(string page) =>
    [
        .. File.ReadAllText(page).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Where(line => line.StartsWith("curl ", StringComparison.Ordinal))
            .Select(line => Parse([.. Words(line).Skip(1)])),
    ];

    private static ReadmeCommand Parse(string[] words)
    {
        string? address = null;
        string? body = null;
        for (var i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "-i":
                    break;
                case "-H":
                    Assert.Equal("content-type: application/json", words[++i]);
                    break;
                case "-d":
                    body = words[++i];
                    break;
                default:
                    Assert.Null(address);
                    address = words[i];
                    break;
            }
        }

        var slash = address!.IndexOf('/', StringComparison.Ordinal);
        return new ReadmeCommand(address[..slash], address[slash..], body);
    }

    // As a shell takes them apart: at spaces, but for what stands between single quotes.
    private static IEnumerable<string> Words(string line) => line.Split('\'')
        .SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
