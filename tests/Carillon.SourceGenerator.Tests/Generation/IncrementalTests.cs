using System.Collections.Immutable;
using Carillon.SourceGenerator.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Tests.Generation;

/// <summary>Which steps run again after an edit: the reason why typing stays fast.</summary>
public sealed class IncrementalTests
{
    private const string Messages = "[Event(\"a\")] public sealed record A([property: Key] string Id); [Event(\"b\")] public sealed record B(int Number);";
    private const string First = "public sealed class First { [Handler] public B On(A a, IEventBus bus) { bus.PublishAsync(new B(1)); return new(1); } }";
    private const string Second = "public sealed class Second { [Handler(Subscription = \"second\")] public void On(A a) { } }";
    private const string Unrelated = "public static class Unrelated { public static int One => 1; }";

    private static readonly string[] _sources = [Messages, First, Second, Unrelated];

    [Theory]
    [InlineData(Unrelated, "public static class Unrelated { public static int Two => 2; }")]
    [InlineData(First, "\n\n// moved\n" + First)]
    [InlineData(Second, "public sealed class Second { [Handler(Subscription = \"second\")] public void On(A a) { System.GC.Collect(); } }")]
    public void Steps_ShouldNotChange_WhenAnEditMeansNothingToThem(string before, string after)
    {
        var result = RunAgain(before, after);

        foreach (var (name, reasons) in Reasons(result.TrackedSteps))
            Assert.All(reasons, reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{name} was {reason}."));
        Assert.All(
            result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    [Theory]
    [InlineData("public sealed class Second { [Handler(Subscription = \"other\")] public void On(A a) { } }")]
    [InlineData("public sealed class Second { [Handler(Subscription = \"second\", Delivery = DeliveryGuarantee.ExactlyOnce)] public void On(A a) { } }")]
    [InlineData("public sealed class Second { [Handler(Subscription = \"second\")] public void On(A a, DbTransaction transaction) { } }")]
    public void Steps_ShouldChangeForOneClassOnly_WhenItsHandlerIsEdited(string after)
    {
        var result = RunAgain(Second, after);

        var classes = Reasons(result.TrackedSteps).Single(step => step.Name == TrackingNames.Classes).Reasons;
        Assert.Equal([IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Modified], classes);
        var changed = result.TrackedOutputSteps.SelectMany(step => step.Value)
            .Where(step => step.Outputs.Any(output => output.Reason == IncrementalStepRunReason.Modified));

        // The file of the class, and the manifest that says what it does; not the registration, not the messages.
        Assert.Equal(2, changed.Count());
    }

    private static GeneratorRunResult RunAgain(string before, string after)
    {
        var cancellation = TestContext.Current.CancellationToken;
        Compilation compilation = TestCompilation.Create(_sources);
        var driver = GeneratorRun.CreateDriver().RunGenerators(compilation, cancellation);
        var old = compilation.SyntaxTrees.Single(tree => tree.ToString() == before);
        var edited = compilation.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(after, TestCompilation.ParseOptions, old.FilePath, cancellationToken: cancellation));
        return driver.RunGenerators(edited, cancellation).GetRunResult().Results.Single();
    }

    private static IEnumerable<(string Name, IncrementalStepRunReason[] Reasons)> Reasons(
        ImmutableDictionary<string, ImmutableArray<IncrementalGeneratorRunStep>> steps)
    {
        string[] names =
        [
            TrackingNames.Methods, TrackingNames.Classes, TrackingNames.Handlers, TrackingNames.Declared, TrackingNames.Published,
            TrackingNames.Messages, TrackingNames.Registrations, TrackingNames.Project,
        ];
        return names.Select(name => (name, steps[name].SelectMany(step => step.Outputs).Select(output => output.Reason).ToArray()));
    }
}
