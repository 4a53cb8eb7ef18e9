using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>
/// Tests wait for conditions, never for a time. Sleeping is left to one primitive, <c>Eventually.cs</c>, which asks for the condition and
/// says what never came; waiting for ever until cancelled is no sleep.
/// </summary>
public sealed class FixedSleepRule : IRule
{
    private const string Primitive = "Eventually.cs";

    public IEnumerable<Violation> Check(SourceTree tree) =>
        from file in tree.CSharp("tests", "src/Carillon.Conformance", "src/Carillon.Testing")
        where file.Name != Primitive
        from call in file.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where IsSleep(call)
        select file.Violation(this, call, $"{call.Expression} waits a fixed time: wait for a condition with the primitive in {Primitive}");

    private static bool IsSleep(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Delay" or "Sleep" or "SpinWait" } member
        && member.Expression.ToString().Split('.')[^1] is ("Task" or "Thread")
        && call.ArgumentList.Arguments.FirstOrDefault()?.ToString() is not ("Timeout.Infinite" or "Timeout.InfiniteTimeSpan" or "-1");
}
