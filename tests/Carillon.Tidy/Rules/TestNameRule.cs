using System.Text.RegularExpressions;

namespace Carillon.Tidy;

/// <summary>Every test is named Member_ShouldDoX_WhenY, so that the list of tests reads like a specification.</summary>
public sealed partial class TestNameRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree) =>
        from test in TestMethods.Of(tree)
        let name = test.Method.Identifier
        where !Form().IsMatch(name.Text)
        select test.File.Violation(this, name, $"{name.Text} is not of the form Member_ShouldDoX_WhenY");

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*_Should[A-Z][A-Za-z0-9]*_When[A-Z][A-Za-z0-9]*$")]
    private static partial Regex Form();
}
