using System.Text.RegularExpressions;

namespace Carillon.Tidy;

/// <summary>Nothing in the repository names a place of one machine: no absolute path into somebody's folders, no address of a package registry.</summary>
public sealed partial class ForeignPlaceRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree) =>
        from file in tree.Files
        from index in Enumerable.Range(0, file.Lines.Count)
        let found = Foreign().Match(file.Lines[index])
        where found.Success
        select file.Violation(this, index + 1, $"\"{found.Value}\" exists on one machine only: write it relative to the repository, or leave it to the machine's own configuration");

    // Written in pieces, so that the rule does not find itself.
    [GeneratedRegex(@"(?<![\w.$}~-])/(work|home|ro" + @"ot|Users)/\w+" + @"|\b[A-Z]:\\\w+"
        + @"|\bapi\.nu" + @"get\.org|/v3/ind" + @"ex\.json|\bregistry\.np" + @"mjs\.org|<package" + @"Sources>")]
    private static partial Regex Foreign();
}
