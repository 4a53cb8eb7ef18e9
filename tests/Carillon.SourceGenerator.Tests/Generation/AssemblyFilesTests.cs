using System.Text.Json;
using Carillon.SourceGenerator.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Tests.Generation;

/// <summary>What is written once for a whole assembly: messages, registration, manifest.</summary>
public sealed class AssemblyFilesTests
{
    private const string Shop = """
        namespace Shop.Orders
        {
            [Event("order.created", Version = 2)]
            public sealed record OrderCreated([property: Key] Guid OrderId, string? Note);

            [Event("a_b", Topic = "stock", Priority = Priority.High)]
            public readonly record struct Under_Score([property: Key] DateTimeOffset? At);

            [Command("payment.charge")]
            public sealed record Charge([property: Key] long Number);

            public static class Outer
            {
                [Event("weekday", Priority = Priority.Low)]
                public sealed record Nested([property: Key] DayOfWeek Day);
            }

            public sealed class Reference : IFormattable
            {
                public string ToString(string? format, IFormatProvider? provider) => "reference";
                public override string ToString() => ToString(null, null);
            }

            [Event("referred")]
            public sealed record Referred([property: Key] Reference? By, int Number);

            [Event("plain")]
            public sealed record Plain(int Number);
        }

        namespace Shop
        {
            public sealed class Inventory
            {
                [Handler(Subscription = "audit", Topics = ["order.*"], Ordered = true)]
                public Orders.Plain? On(Orders.OrderCreated order, EventContext context) => null;
            }

            public static class Journal
            {
                [Handler(Topics = [">"])]
                public static void Write(Envelope envelope) { }

                [LocalHandler]
                public static void Local(Orders.Plain plain, [FromKeyedServices("\"x\"")] object service) { }
            }

            public static class Ledger
            {
                [Handler]
                public static void Book(Orders.Referred referred, DbTransaction transaction) { }

                [LocalHandler]
                public static void Local(Orders.Plain plain, SqliteConnection connection) { }
            }
        }
        """;

    [Theory]
    [InlineData("CarillonMessages")]
    [InlineData("CarillonHandlers")]
    [InlineData("CarillonManifest")]
    public void File_ShouldReadAsBefore_WhenTheShopIsCompiled(string name) =>
        Snapshot.Verify(GeneratorRun.Of(Shop).AssertCompiles().File($"{name}.g.cs"), name);

    [Fact]
    public void Manifest_ShouldBeJson_WhenNamesHoldQuotes()
    {
        var run = GeneratorRun.Of(Shop).AssertCompiles();

        using var manifest = JsonDocument.Parse(JsonOf(run));
        var handlers = manifest.RootElement.GetProperty("handlers");
        Assert.Equal(5, handlers.GetArrayLength());
        Assert.Equal("service with key \"\\\"x\\\"\"", handlers[2].GetProperty("parameters")[1].GetProperty("from").GetString());
        Assert.Equal(6, manifest.RootElement.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public void AddHandlers_ShouldExist_WhenThereIsNoHandler() => GeneratorRun
        .Of("public static class P { public static ICarillonBuilder Add(ICarillonBuilder carillon) => carillon.AddHandlers(); }")
        .AssertCompiles();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AddHandlers_ShouldLookAfterContexts_WhenTheirPackageIsReferred(bool isReferred)
    {
        var compilation = TestCompilation.Create("public static class H { [Handler] public static void On(Envelope envelope) { } }");
        var package = compilation.References.Where(reference => Path.GetFileName(reference.Display) == "Carillon.EntityFrameworkCore.dll");

        var run = GeneratorRun.Of(isReferred ? compilation : compilation.RemoveReferences(package)).AssertCompiles();

        Assert.Equal(isReferred, run.File("CarillonHandlers.g.cs").Contains("RefuseOutsideContexts(carillon);", StringComparison.Ordinal));
    }

    [Fact]
    public void Generator_ShouldWriteNothingOfItsOwn_WhenCarillonIsNotReferred()
    {
        var empty = CSharpCompilation.Create("Empty", [CSharpSyntaxTree.ParseText("", TestCompilation.ParseOptions, cancellationToken: TestContext.Current.CancellationToken)]);

        var run = GeneratorRun.Of(empty);

        Assert.DoesNotContain(run.Result.GeneratedSources, source => source.HintName.StartsWith("Carillon", StringComparison.Ordinal));
    }

    [Fact]
    public void Messages_ShouldKnowTypesOfOtherAssemblies_WhenTheyAreHandledReturnedOrPublished()
    {
        var contracts = TestCompilation.Create("Contracts", [], """
            namespace Contracts;
            [Event("handled")] public sealed record Handled(int A);
            [Event("returned")] public sealed record Returned(int A);
            [Event("published")] public sealed record Published(int A);
            [Command("sent")] public sealed record Sent(int A);
            [Event("outside")] public sealed record Outside(int A);
            [Command("scheduled")] public sealed record Scheduled(int A);
            [Event("saved")] public sealed record Saved(int A);
            [Command("saved.too")] public sealed record SavedToo(int A);
            [Event("unused")] public sealed record Unused(int A);
            """).ToReference();

        var run = GeneratorRun.Of(TestCompilation.Create("Service", [contracts], """
            using Contracts;
            public static class H
            {
                [Handler] public static Returned On(Handled handled) => new(1);
                public static ValueTask Run(IEventBus bus) => bus.PublishAsync<Published>(new(1));
                public static ValueTask? Send(IEventBus? bus) => bus?.SendAsync(new Sent(1));
                public static ValueTask Apart(IEventBus bus) => bus.PublishOutsideAsync(new Outside(1));
                public static ValueTask<EventId> Later(IEventBus bus) => bus.ScheduleAsync(new Scheduled(1), DateTimeOffset.MaxValue);
                public static void Save(Microsoft.EntityFrameworkCore.DbContext context)
                {
                    context.Publish(new Saved(1));
                    DbContextPublishingExtensions.Send(context, new SavedToo(1));
                }
            }
            """)).AssertCompiles();

        var messages = run.File("CarillonMessages.g.cs");
        foreach (var known in (string[])["Handled", "Returned", "Published", "Sent", "Outside", "Scheduled", "Saved", "SavedToo"])
            Assert.Contains($"AddMessage(Contracts_{known})", messages, StringComparison.Ordinal);
        Assert.DoesNotContain("Contracts_Unused", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void AddHandlers_ShouldNotBeAmbiguous_WhenAnotherAssemblyShowsItsInternals()
    {
        var first = GeneratorRun.Of(TestCompilation.Create("First", [], """
            [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Second")]
            [Event("first")] public sealed record First(int A);
            """)).AssertCompiles();

        GeneratorRun.Of(TestCompilation.Create("Second", [first.Output.ToReference()],
            "public static class P { public static ICarillonBuilder Add(ICarillonBuilder carillon) => carillon.AddHandlers(); }")).AssertCompiles();
    }

    [Fact]
    public void Files_ShouldHaveDifferentNames_WhenClassesDifferInCaseOnly()
    {
        const string source = """
            [Event("a")] public sealed record A(int Number);
            public static class Handlers { [Handler] public static void On(A a) { } }
            public static class handlers { [Handler] public static void On(A a) { } }
            """;

        var run = GeneratorRun.Of(TestCompilation.Create(source).WithOptions(TestCompilation.Create(source).Options
            .WithSpecificDiagnosticOptions([new("CS8981", ReportDiagnostic.Suppress), new("CS1591", ReportDiagnostic.Suppress)]))).AssertCompiles();

        Assert.Equal(2, run.Result.GeneratedSources.Count(file => file.HintName.StartsWith("Handlers.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Output_ShouldNotDependOnTheOrderOfFiles_WhenClassesAreInSeveral()
    {
        const string message = "[Event(\"a\")] public sealed record A(int Number);";
        const string first = "public static class First { [Handler] public static void On(A a) { } }";
        const string second = "public static class Second { [Handler] public static void On(A a) { } }";

        var one = GeneratorRun.Of(message, first, second);
        var other = GeneratorRun.Of(second, message, first);

        Assert.Equal(one.File("CarillonHandlers.g.cs"), other.File("CarillonHandlers.g.cs"));
        Assert.Equal(one.File("CarillonManifest.g.cs"), other.File("CarillonManifest.g.cs"));
    }

    [Fact]
    public void Generator_ShouldLeaveOutAHandler_WhenItIsWrong()
    {
        var run = GeneratorRun.Of("""
            [Event("a")] public sealed record A(int Number);
            public static class Good { [Handler] public static void On(A a) { } }
            public static class Wrong { [Handler] public static void On() { } [Handler] public static int On(A a) => 1; }
            """).AssertCompiles();

        Assert.DoesNotContain("Wrong", run.File("CarillonHandlers.g.cs"), StringComparison.Ordinal);
    }

    private static string JsonOf(GeneratorRun run)
    {
        var manifest = run.Output.GetTypeByMetadataName("Carillon.CarillonManifest")!;
        return (string)((IFieldSymbol)manifest.GetMembers("Json").Single()).ConstantValue!;
    }
}
