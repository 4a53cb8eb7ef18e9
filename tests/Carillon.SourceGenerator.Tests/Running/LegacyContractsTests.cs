using System.Collections.Concurrent;
using Carillon.Contracts.Legacy;
using Carillon.SourceGenerator.Tests.Compiling;
using Carillon.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>Contracts that were compiled for .NET Standard 2.0, against Carillon.Contracts and nothing else, are messages like all others.</summary>
public sealed class LegacyContractsTests
{
    private const string Depot = """
        using Carillon.Contracts.Legacy;
        using System.Collections.Concurrent;
        public sealed class Depot(ConcurrentQueue<object> handled)
        {
            [Handler]
            public IParcelEvent On(ParcelSent sent)
            {
                handled.Enqueue(sent);
                return new ParcelDelivered { Parcel = sent.Parcel, SignedBy = sent.Sender ?? "nobody" };
            }

            [Handler] public void On(ParcelDelivered delivered) => handled.Enqueue($"{delivered.Parcel}, {delivered.SignedBy}");
            [Handler] public void On(PrintLabel print) => handled.Enqueue(print);
        }
        """;

    [Fact]
    public async Task Message_ShouldBeHandled_WhenItsContractIsForNetStandard()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var handled = new ConcurrentQueue<object>();
        using var handlers = CompiledHandlers.Compile(Depot);
        await using var app = CarillonApp.Create().Configure(carillon =>
        {
            carillon.Services.AddSingleton(handled);
            handlers.AddTo(carillon);
            carillon.On<ParcelDelivered>(delivered => handled.Enqueue(delivered.SignedBy), subscription: "lambda");
        });
        await app.StartAsync(cancellation);
        var sent = new ParcelSent("p-1", 2.5m) { Sender = "Ada" };
        var print = new PrintLabel(Guid.Parse("6f9619ff-8b86-d011-b42d-00cf4fc964ff"), 2);

        await app.Bus.PublishAsync(sent, cancellation);
        await app.Bus.SendAsync(print, cancellation: cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 4);
        Assert.Equal(new HashSet<object> { sent, print, "p-1, Ada", "Ada" }, [.. handled]);
        await app.StopAsync(cancellation);
    }

    [Fact]
    public void Catalog_ShouldKnowWhatTheContractSays_WhenItIsForNetStandard()
    {
        using var handlers = CompiledHandlers.Compile(Depot).Add();

        var sent = handlers.Builder.Messages.Single(message => message.ClrType == typeof(ParcelSent));
        Assert.Equal(("parcel.sent", 2, "parcels", Priority.High, MessageKind.Event), (sent.Name, sent.Version, sent.Topic, sent.Priority, sent.Kind));
        Assert.Equal("p-1", ((MessageDefinition<ParcelSent>)sent).Key!(new ParcelSent("p-1", 1)));
        var delivered = Assert.IsType<MessageDefinition<ParcelDelivered>>(handlers.Builder.Messages.Single(message => message.ClrType == typeof(ParcelDelivered)));
        Assert.Equal(("parcel.delivered", 1, "p-2"), (delivered.Name, delivered.Version, delivered.Key!(new ParcelDelivered { Parcel = "p-2" })));
        var print = Assert.IsType<MessageDefinition<PrintLabel>>(handlers.Builder.Messages.Single(message => message.Kind == MessageKind.Command));
        Assert.Equal(Guid.Empty.ToString(), print.Key!(new PrintLabel(Guid.Empty, 1)));
    }

    [Fact]
    public void Contracts_ShouldReferToNothingElse_WhenTheyAreCompiled() => Assert.Equal(
        ["Carillon.Contracts", "netstandard"],
        typeof(ParcelSent).Assembly.GetReferencedAssemblies().Select(reference => reference.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("CRL0003", "[Event(\"no name\")] public sealed class M { public int A { get; set; } }")]
    [InlineData("CRL0006", "[Event(\"a\")] public sealed class M { public System.IO.Stream A { get; set; } = System.IO.Stream.Null; }")]
    [InlineData("CRL0008", "[Event(\"a\")] public sealed class M { [Key] public double A { get; set; } }")]
    [InlineData("CRL0014", "[Event(\"a\")] public sealed class M<T> { public int A { get; set; } }")]
    public async Task Rule_ShouldBeReported_WhenTheProjectRefersToContractsOnly(string rule, string source)
    {
        var found = await AnalyzerRun.AnalyzeAsync(TestCompilation.CreateContracts(source));

        Assert.Equal(rule, Assert.Single(found).Id);
    }

    [Fact]
    public void Generator_ShouldWriteNothingOfItsOwn_WhenTheProjectRefersToContractsOnly()
    {
        var run = GeneratorRun.Of(TestCompilation.CreateContracts("[Event(\"a\")] public sealed class M { public int A { get; set; } }")).AssertCompiles();

        Assert.DoesNotContain(run.Result.GeneratedSources, source => source.HintName.StartsWith("Carillon", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handler_ShouldBeCRL0014_WhenAContractElsewhereCannotBeUsed()
    {
        var contracts = TestCompilation.CreateContracts("namespace Contracts { [Event(\"a\")] public sealed class M { [Key] public double A { get; set; } } }");

        var found = await AnalyzerRun.AnalyzeAsync(TestCompilation.Create("Shop", [contracts.ToReference()],
            "public static class H { [Handler] public static void On(Contracts.M message) { } }"));

        Assert.Equal("CRL0014", Assert.Single(found).Id);
        Assert.Contains("floating-point", AnalyzerRun.MessageOf(found[0]), StringComparison.Ordinal);
    }
}
