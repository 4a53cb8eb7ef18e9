using System.Text.RegularExpressions;

namespace Carillon.Tidy;

/// <summary>Nothing is left to be done later: no reminders, no members that only say that they are missing.</summary>
public sealed partial class UnfinishedWorkRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        foreach (var file in tree.Files)
        {
            for (var i = 0; i < file.Lines.Count; i++)
            {
                if (Unfinished().Match(file.Lines[i]) is { Success: true } found)
                    yield return file.Violation(this, i + 1, $"\"{found.Value}\": do it now, or write down what holds today");
            }
        }
    }

    // Written in pieces, so that the rule does not find itself.
    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|XX" + @"X|NotImplemented" + @"Exception)\b")]
    private static partial Regex Unfinished();
}
