using Carillon.SourceGenerator.Tests.Compiling;
using Carillon.SourceGenerator.Tests.Running;

namespace Carillon.SourceGenerator.Tests.Generation;

/// <summary>
/// What its author has made obsolete as an error (CS0619, which no pragma disables) is handled and published as before: messages of that type are still on their way, and
/// nobody can edit what is generated.
/// </summary>
public sealed class ObsoleteTests
{
    private const string Old = "[Obsolete(\"gone\", error: true)]";

    [Theory]
    [InlineData($$"""{{Old}} [Event("a")] public sealed record A([property: Key] string Id);""")]
    [InlineData($$"""{{Old}} public static class Outer { public static class Inner { [Event("a")] public sealed record A(int Number); } }""")]
    [InlineData($$"""[Event("a")] public sealed class A { [Key] {{Old}} public Guid? Id { get; set; } }""")]
    [InlineData("""[Event("a")] public sealed class A { [Key] public string Id { [Obsolete("gone", true)] get; set; } = ""; }""")]
    [InlineData($$"""{{Old}} public interface IKeyed { [Key] string Id { get; } } [Obsolete] [Event("a")] public sealed class A : IKeyed { string IKeyed.Id => ""; }""")]
    [InlineData($$"""public abstract class Root { {{Old}} public abstract string Id { get; } } [Event("a")] public sealed class A : Root { [Key, Obsolete] public override string Id => ""; }""")]
    [InlineData($$"""{{Old}} public readonly record struct Id(int Value) { public override string ToString() => "x"; } [Obsolete] [Event("a")] public sealed record A([property: Key] Id Id);""")]
    [InlineData($$"""{{Old}} public enum Kind { One } [Obsolete] [Event("a")] public sealed record A([property: Key] Kind Kind);""")]
    public void Generated_ShouldCompile_WhenAMessageIsAnError(string source) =>
        Assert.Contains("MessageDefinition<", Compile(source).File("CarillonMessages.g.cs"), StringComparison.Ordinal);

    [Theory]
    [InlineData($$"""{{Old}} public sealed class H { [Handler] public void On(Placed placed) { } }""")]
    [InlineData($$"""{{Old}} public static class H { [Handler] public static Task On(Placed placed) => Task.CompletedTask; }""")]
    [InlineData($$"""{{Old}} public static class Outer { public sealed class H { [LocalHandler] public void On(Placed placed) { } } }""")]
    [InlineData($$"""public static class H { {{Old}} [Handler] public static Placed? On(Placed placed) => null; }""")]
    [InlineData($$"""public abstract class Root { {{Old}} public virtual void On(Placed placed) { } } public sealed class H : Root { [Handler, Obsolete] public override void On(Placed placed) { } }""")]
    public void Generated_ShouldCompile_WhenAHandlerIsAnError(string source) => AssertHandled(source);

    [Theory]
    [InlineData("[Handler] public static void On(Gone gone) { }")]
    [InlineData("[Handler] public static void On(IReadOnlyList<Gone> gone) { }")]
    [InlineData("[LocalHandler] public static void On(Gone gone) { }")]
    [InlineData("[Handler] public static Gone? On(Placed placed) => null;")]
    [InlineData("[Handler] public static async Task<(Gone, IEnumerable<Gone?>)> On(Placed placed) { await Task.Yield(); return (new(1), []); }")]
    [InlineData("[Handler] public static void On(Placed placed, Service service) { }")]
    [InlineData("[Handler] public static void On(Placed placed, List<Service[]> services) { }")]
    [InlineData("[Handler] public static void On(Placed placed, [FromKeyedServices(typeof(Service))] object service) { }")]
    [InlineData("[Handler] public static void On(Placed placed, GoneContext context) { }")]
    public void Generated_ShouldCompile_WhenAHandlerNamesAnError(string handler) => AssertHandled($$"""
        {{Old}} [Event("gone")] public sealed record Gone(int Number);
        {{Old}} public sealed class Service;
        {{Old}} public sealed class GoneContext : Microsoft.EntityFrameworkCore.DbContext;
        [Obsolete] public static class H { {{handler}} }
        """);

    [Fact]
    public void Generated_ShouldCompile_WhenOneOfSeveralResultsIsAnError() => AssertHandled($$"""
        public interface IOutcome;
        {{Old}} [Event("gone")] public sealed record Gone(int Number) : IOutcome;
        [Event("here")] public sealed record Here(int Number) : IOutcome;
        public static class H { [Handler] public static IOutcome On(Placed placed) => new Here(1); }
        """);

    [Fact]
    public void Generated_ShouldCompile_WhenTheErrorIsInAnotherAssembly()
    {
        var contracts = TestCompilation.Create("Contracts", [], $$"""
            {{Old}} [Event("gone")] public sealed record Gone([property: Key] string Id);
            [Event("keyed")] public sealed record Keyed([property: Key, Obsolete("gone", true)] string Id);
            """).ToReference();

        GeneratorRun.Of(TestCompilation.Create("Shop", [contracts], """
            #pragma warning disable CS0612
            public static class H { [Obsolete, Handler] public static void On(Gone gone) { } [Handler] public static void On(Keyed keyed) { } }
            """)).AssertCompiles();
    }

    [Fact]
    public async Task Handler_ShouldRun_WhenItIsAnError()
    {
        using var handlers = CompiledHandlers.Compile($$"""
            {{Old}} public sealed class H { [Handler] public Counted On(Placed placed) => new(placed.Amount); }
            """).Add();

        var returned = await handlers.RunAsync(new Sample.Placed("1", 7));

        Assert.Equal(new Sample.Counted(7), Assert.Single(returned).Message);
        Assert.Equal([handlers.TypeOf("H")], handlers.Builder.Handlers.Select(handler => handler.DeclaringType));
    }

    [Fact]
    public void Generated_ShouldNotBeObsolete_WhenNothingIsAnError()
    {
        var run = GeneratorRun.Of("""[Obsolete] [Event("a")] public sealed record A(int Number); public static class H { [Obsolete, Handler] public static void On(A a) { } }""");

        Assert.DoesNotContain(run.Result.GeneratedSources, file => file.SourceText.ToString().Contains("[global::System.Obsolete", StringComparison.Ordinal));
    }

    private static void AssertHandled(string source)
    {
        var files = Compile(source).Result.GeneratedSources;

        Assert.Contains(files, file => file.SourceText.ToString().Contains("carillon.AddHandler(", StringComparison.Ordinal));
    }

    private static GeneratorRun Compile(string source) =>
        GeneratorRun.Of("""[Event("placed")] public sealed record Placed([property: Key] string Id);""", $"#pragma warning disable CS0612, CS0618, CS0672, CS0809\n{source}").AssertCompiles();
}
