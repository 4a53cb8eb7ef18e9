using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>No type, file or folder has a name that could hold anything.</summary>
public sealed partial class VagueNameRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        foreach (var file in tree.CSharp())
        {
            if (file.Path.Split('/').FirstOrDefault(part => IsVague(part.Split('.')[0])) is { } part)
                yield return file.Violation(this, 1, $"\"{part}\" could hold anything: name the idea");
            foreach (var type in file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Where(type => IsVague(type.Identifier.Text)))
            {
                if (type.Identifier.Text != file.Name.Split('.')[0])
                    yield return file.Violation(this, type.Identifier, $"{type.Identifier.Text} could be anything: name its role");
            }
        }
    }

    private static bool IsVague(string name) => Vague().IsMatch(name);

    [GeneratedRegex("(Helper|Util|Utils|Utility|Utilities|Manager|Impl|Info|Base|Common|Misc|Stuff)s?$")]
    private static partial Regex Vague();
}
