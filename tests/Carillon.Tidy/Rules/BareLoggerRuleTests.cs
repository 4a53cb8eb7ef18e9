namespace Carillon.Tidy;

public sealed class BareLoggerRuleTests : RuleTests<BareLoggerRule>
{
    [Theory]
    [InlineData("object F(Loggers l) => l.CreateLogger(\"X\");")]
    [InlineData("object F(Loggers l) => l?.CreateLogger(\"X\");")]
    [InlineData("object F(Services s) => s.Get<ILogger<A>>();")]
    public void Check_ShouldFindIt_WhenALoggerOfTheHostIsUsedAsItIs(string member) =>
        AssertFinds("src/X/A.cs", 2, "UnfailingLogger", ("src/X/A.cs", $"class A {{\n{member} }}"));

    [Theory]
    [InlineData("src/X/A.cs", "object F(Loggers l) => UnfailingLogger.Create(l, \"X\");")]
    [InlineData("src/X/UnfailingLogger.cs", "object F(Loggers l) => l.CreateLogger(\"X\");")]
    [InlineData("src/X/Loggers.cs", "public ILogger CreateLogger(string category) => this;")]
    [InlineData("tests/X/A.cs", "object F(Loggers l) => l.CreateLogger(\"X\");")]
    public void Check_ShouldFindNothing_WhenItCannotFail(string path, string member) =>
        AssertFindsNothing((path, $"class A {{ {member} }}"));
}
