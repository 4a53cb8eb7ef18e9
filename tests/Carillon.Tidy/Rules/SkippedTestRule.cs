namespace Carillon.Tidy;

/// <summary>
/// No test is switched off in its attribute. What a machine cannot run is decided while it runs, with a reason that people see
/// (<c>Assert.SkipUnless</c>).
/// </summary>
public sealed class SkippedTestRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree) =>
        from test in TestMethods.Of(tree)
        from argument in test.Mark.ArgumentList?.Arguments ?? []
        let name = argument.NameEquals?.Name.Identifier.Text
        where name is "Skip" or "Explicit" or "SkipWhen" or "SkipUnless"
        select test.File.Violation(this, argument, $"{test.Method.Identifier.Text} is switched off by {name}: repair it, or remove it; a missing server is asked for by Assert.SkipUnless");
}
