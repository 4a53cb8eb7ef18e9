namespace Carillon.Tidy;

/// <summary>What is asked of every rule: the repository keeps it. The tests of a rule add planted violations, which it must find.</summary>
public abstract class RuleTests<TRule>
    where TRule : IRule, new()
{
    [Fact]
    public void Check_ShouldFindNothing_WhenGivenTheRepository()
    {
        var found = new TRule().Check(SourceTree.Repository).ToList();
        if (found.Count > 0)
            Assert.Fail($"{found.Count} to repair:\n{string.Join('\n', found)}");
    }

    /// <summary>Asserts that the rule finds exactly one violation in planted files, there and with words that help.</summary>
    protected static void AssertFinds(string file, int line, string advice, params (string Path, string Text)[] planted)
    {
        var found = Assert.Single(new TRule().Check(SourceTree.Of(planted)));
        Assert.Equal((file, line, typeof(TRule).Name), (found.File, found.Line, found.Rule));
        Assert.Contains(advice, found.Advice, StringComparison.Ordinal);
    }

    /// <summary>Asserts that the rule finds nothing in planted files: the good twin of a violation.</summary>
    protected static void AssertFindsNothing(params (string Path, string Text)[] planted) =>
        Assert.Empty(new TRule().Check(SourceTree.Of(planted)));
}
