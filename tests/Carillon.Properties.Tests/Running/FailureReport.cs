using System.Text;
using FsCheck;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Xunit.Sdk;
using TestResult = FsCheck.TestResult;

namespace Carillon.Properties.Tests.Running;

/// <summary>Fails the test when a property does not hold: the smallest case, what was wrong with it, and how to see it again.</summary>
internal sealed class FailureReport<T> : IRunner
{
    private const int LongestBeginning = 2000;

    public void OnStartFixture(Type fixture)
    {
        // There are no fixtures: properties are run one by one.
    }

    public void OnArguments(int number, FSharpList<object> arguments, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
    {
        // Cases that hold are of no interest.
    }

    public void OnShrink(FSharpList<object> arguments, FSharpFunc<FSharpList<object>, string> everyShrink)
    {
        // Only the smallest case is shown.
    }

    public void OnFinished(string name, TestResult result)
    {
        switch (result)
        {
            case TestResult.Failed failed:
                throw new XunitException(Describe(name, failed), Cause(failed.Item4));
            case TestResult.Exhausted exhausted:
                throw new XunitException($"{name} found only {exhausted.Item.NumberOfTests} cases to try: too many were thrown away.");
            default:
                return;
        }
    }

    private static string Describe(string name, TestResult.Failed failed) => new StringBuilder()
        .AppendLine($"{name} does not hold; seen with case {failed.Item1.NumberOfTests}, made smaller in {failed.Item1.NumberOfShrinks} steps:")
        .AppendLine(Show.Value(failed.Item3.Head))
        .AppendLine(Cause(failed.Item4)?.Message)
        .AppendLine("It began as:")
        .AppendLine(Shortened(Show.Value(failed.Item2.Head)))
        .AppendLine("Run it again with:")
        .Append($"{TestSettings.Describe(failed.Item6, failed.Item7)} dotnet run --project tests/Carillon.Properties.Tests -- --filter-method '*.{name}'")
        .ToString();

    private static string Shortened(string text) => text.Length <= LongestBeginning ? text : $"{text[..LongestBeginning]}...";

    private static Exception? Cause(Outcome outcome) => outcome is Outcome.Failed { Item: var error }
        ? error is AggregateException { InnerException: { } inner } ? inner : error
        : null;
}
