using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>
/// Tests wait for conditions, never for a time. Sleeping is left to one primitive per project, which asks for the condition and says what
/// never came; its name gives it away. Waiting for ever until cancelled is no sleep, and neither is a time that only bounds the wait for something
/// else (<c>Task.WhenAny</c>).
/// </summary>
public sealed class FixedSleepRule : IRule
{
    private static readonly string[] Primitives = ["Eventually.cs", "Patience.cs", "Wait.cs"];

    public IEnumerable<Violation> Check(SourceTree tree)
    {
        var known = new HashSet<string>();
        foreach (var file in tree.CSharp("tests", "src/Carillon.Conformance", "src/Carillon.Testing"))
        {
            var sleeps = file.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(IsSleep).ToList();
            if (sleeps.Count == 0 || (Primitives.Contains(file.Name) && known.Add(file.Project)))
                continue;
            foreach (var call in sleeps)
                yield return file.Violation(this, call, $"{call.Expression} waits a fixed time: wait for a condition with the one primitive of the project ({string.Join(", ", Primitives)})");
        }
    }

    private static bool IsSleep(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Delay" or "Sleep" or "SpinWait" } member
        && member.Expression.ToString().Split('.')[^1] is ("Task" or "Thread")
        && !call.Ancestors().OfType<InvocationExpressionSyntax>().Any(outer => outer.Expression.ToString() == "Task.WhenAny")
        && call.ArgumentList.Arguments.FirstOrDefault()?.ToString() is not ("Timeout.Infinite" or "Timeout.InfiniteTimeSpan" or "-1");
}
