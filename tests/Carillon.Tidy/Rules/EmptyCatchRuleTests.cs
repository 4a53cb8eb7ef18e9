namespace Carillon.Tidy;

public sealed class EmptyCatchRuleTests : RuleTests<EmptyCatchRule>
{
    [Theory]
    [InlineData("catch { }")]
    [InlineData("catch (System.Exception) { /* whatever */ }")]
    [InlineData("catch (IOException) { }")]
    public void Check_ShouldAskForHandling_WhenExceptionIsSwallowed(string clause) =>
        AssertFinds("src/X/A.cs", 2, "swallowed", ("src/X/A.cs", $"class A {{ void M() {{ try {{ F(); }}\n{clause} }} }}"));

    [Theory]
    [InlineData("catch (OperationCanceledException) { /* Stopped: nothing is in flight. */ }")]
    [InlineData("catch (Exception e) { Log(e); }")]
    public void Check_ShouldFindNothing_WhenCatchHasAReason(string clause) =>
        AssertFindsNothing(("src/X/A.cs", $"class A {{ void M() {{ try {{ F(); }} {clause} }} }}"));
}
