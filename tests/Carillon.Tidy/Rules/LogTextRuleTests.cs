namespace Carillon.Tidy;

public sealed class LogTextRuleTests : RuleTests<LogTextRule>
{
    [Theory]
    [InlineData("string name")]
    [InlineData("string? name")]
    [InlineData("EventId name")]
    [InlineData("object name")]
    public void Check_ShouldAskForLogText_WhenAnArgumentIsText(string parameter) =>
        AssertFinds("src/X/A.cs", 2, "LogText", ("src/X/A.cs", $"static partial class A {{ [LoggerMessage(1, LogLevel.Error, \"{{Name}}\")] static partial void M(ILogger logger,\n{parameter}); }}"));

    [Fact]
    public void Check_ShouldFindNothing_WhenArgumentsCannotForgeLines() =>
        AssertFindsNothing(("src/X/A.cs", "static partial class A { [LoggerMessage(1, LogLevel.Error, \"{Name}\")] static partial void M(this ILogger logger, LogText name, long count, Exception? error); void N(string text) { } }"));
}
