using System.Text.RegularExpressions;

namespace Carillon.Tidy;

/// <summary>What rules need to know of a page: its headings, links and blocks of code.</summary>
public static partial class Markdown
{
    /// <summary>The headings: how deep, and the text.</summary>
    public static IEnumerable<(int Level, string Text, int Line)> Headings(SourceFile page) =>
        from line in Prose(page)
        let heading = Heading().Match(line.Text)
        where heading.Success
        select (heading.Groups[1].Length, heading.Groups[2].Value.Trim(), line.Number);

    /// <summary>The blocks of code with their language, which begin on a line.</summary>
    public static IEnumerable<(string Code, int Line)> Blocks(SourceFile page) => Block().Matches(page.Text)
        .Select(block => (block.Value.Trim(), page.Text[..block.Index].Count(c => c == '\n') + 1));

    /// <summary>What links and images point to.</summary>
    public static IEnumerable<(string Target, int Line)> Links(SourceFile page) =>
        from line in Prose(page)
        from Match link in Link().Matches(InlineCode().Replace(line.Text, ""))
        select (link.Groups[1].Value, line.Number);

    /// <summary>The name by which a heading is linked to.</summary>
    public static string Anchor(string heading) =>
        NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    private static IEnumerable<(string Text, int Number)> Prose(SourceFile page)
    {
        var isCode = false;
        for (var i = 0; i < page.Lines.Count; i++)
        {
            if (page.Lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode)
                yield return (page.Lines[i], i + 1);
        }
    }

    [GeneratedRegex(@"^(#{1,6})\s+(.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[ ]*```\w.*?^[ ]*```\s*?$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\(([^)\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
