using Carillon.SourceGenerator.Tests.Compiling;

namespace Carillon.SourceGenerator.Tests.Diagnostics;

public sealed class HandlerDiagnosticTests
{
    private const string Messages = """
        [Event("order.created")] public sealed record OrderCreated([property: Key] string OrderId);
        [Event("tick")] public sealed record Tick(int Number);
        [Command("payment.charge")] public sealed record Charge([property: Key] string OrderId);
        public interface IFact;
        [Event("fact")] public sealed record Fact(int Number) : IFact;
        public sealed record Plain(int Number);
        public sealed class Stock;
        public sealed class ShopContext : Microsoft.EntityFrameworkCore.DbContext;

        """;

    [Theory]
    [InlineData("public static class H { [Handler] public static void [|On|]() { } }")]
    [InlineData("public static class H { [Handler] public static void On(EventContext [|context|]) { } }")]
    [InlineData("public static class H { [Handler] public static void On(string [|text|]) { } }")]
    [InlineData("public static class H { [Handler] public static void On(DbTransaction [|transaction|]) { } }")]
    [InlineData("public static class H { [Handler] public static void On(SqliteConnection [|connection|]) { } }")]
    [InlineData("public static class H { [Handler] public static void On(IUnitOfWork [|work|], OrderCreated order) { } }")]
    [InlineData("public static class H { [Handler] public static void On(Stock [|stock|], OrderCreated order) { } }")]
    [InlineData("public static class H { [Handler] public static void On(List<OrderCreated> [|orders|]) { } }")]
    [InlineData("public static class H { [LocalHandler] public static void On(OrderCreated[] [|orders|]) { } }")]
    public Task Handler_ShouldBeCRL0001_WhenItHasNoMessageFirst(string source) => AnalyzerRun.AssertAsync("CRL0001", Messages + source);

    [Theory]
    [InlineData("public static class H { [Handler] public static async void [|On|](OrderCreated order) => await Task.Yield(); }")]
    [InlineData("public static class H { [LocalHandler] public static async void [|On|](OrderCreated order) => await Task.Yield(); }")]
    public Task Handler_ShouldBeCRL0002_WhenItIsAsyncVoid(string source) => AnalyzerRun.AssertAsync("CRL0002", Messages + source);

    [Theory]
    [InlineData("public static class H { [Handler] public static void On(Plain [|plain|]) { } }")]
    [InlineData("public static class H { [Handler] public static void On(IReadOnlyList<Plain> [|plain|]) { } }")]
    public Task Handler_ShouldBeCRL0003_WhenItTakesATypeWithoutName(string source) => AnalyzerRun.AssertAsync("CRL0003", Messages + source);

    [Fact]
    public async Task Handler_ShouldBeCRL0004_WhenACommandIsHandledTwice()
    {
        var found = await AnalyzerRun.AssertAsync("CRL0004", Messages + """
            public static class A { [Handler] public static void First(Charge charge) { } }
            public static class B { [Handler(Subscription = "other")] public static void [|Second|](Charge charge) { } }
            public static class C { [Handler] public static void [|Third|](IReadOnlyList<Charge> charge) { } }
            """);

        Assert.Contains("'A.First'", AnalyzerRun.MessageOf(found[0]), StringComparison.Ordinal);
        Assert.Single(found[0].AdditionalLocations);
    }

    [Theory]
    [InlineData("public static class H { [[|Handler(Ordered = true)|]] public static void On(Tick tick) { } }")]
    [InlineData("public static class H { [[|Handler(Ordered = true)|]] public static void On(IReadOnlyList<Tick> ticks) { } }")]
    public Task Handler_ShouldBeCRL0005_WhenItAsksForOrderWithoutKey(string source) => AnalyzerRun.AssertAsync("CRL0005", Messages + source);

    [Theory]
    [InlineData("public static class H { [[|Handler|]] public static void On(Envelope envelope) { } }")]
    [InlineData("public static class H { [[|Handler(Topics = new string[0])|]] public static void On(Envelope envelope) { } }")]
    [InlineData("public static class H { [[|LocalHandler|]] public static void On(Envelope envelope) { } }")]
    [InlineData("public static class H { [[|Handler(Topics = new[] { \"order..created\" })|]] public static void On(OrderCreated order) { } }")]
    [InlineData("public static class H { [[|Handler(Topics = new[] { \"order.>.created\" })|]] public static void On(Envelope envelope) { } }")]
    [InlineData("public static class H { [[|Handler(Topics = new[] { \"ord*\" })|]] public static void On(Envelope envelope) { } }")]
    [InlineData("public static class H { [[|Handler(Subscription = \"my audit\")|]] public static void On(OrderCreated order) { } }")]
    public Task Handler_ShouldBeCRL0009_WhenTopicsOrSubscriptionAreWrong(string source) => AnalyzerRun.AssertAsync("CRL0009", Messages + source);

    [Theory]
    [InlineData("public static class H { [Handler] static void [|On|](OrderCreated order) { } }")]
    [InlineData("public class H { [Handler] protected void [|On|](OrderCreated order) { } }")]
    [InlineData("public static class H { [Handler] public static void [|On|]<T>(OrderCreated order) { } }")]
    [InlineData("public static class H { [Handler] public static void [|On|](in OrderCreated order) { } }")]
    [InlineData("public static class H { [Handler] public static void [|On|](OrderCreated order, ref Stock stock) { } }")]
    [InlineData("public static class H<T> { [Handler] public static void [|On|](OrderCreated order) { } }")]
    [InlineData("public static class O<T> { public static class H { [Handler] public static void [|On|](OrderCreated order) { } } }")]
    [InlineData("public abstract class H { [Handler] public void [|On|](OrderCreated order) { } }")]
    [InlineData("public abstract class H { [Handler] public abstract void [|On|](OrderCreated order); }")]
    [InlineData("public interface H { [Handler] void [|On|](OrderCreated order); }")]
    [InlineData("public struct H { [Handler] public void [|On|](OrderCreated order) { } }")]
    [InlineData("public class O { private class H { [Handler] public void [|On|](OrderCreated order) { } } }")]
    [InlineData("file class H { [Handler] public void [|On|](OrderCreated order) { } }")]
    [InlineData("public class H { public void M() { [Handler] static void [|On|](OrderCreated order) { } On(null!); } }")]
    [InlineData("public class H { public void M() { var on = [|[Handler] (OrderCreated order) => { }|]; on(null!); } }")]
    public Task Handler_ShouldBeCRL0010_WhenItCannotBeCalled(string source) => AnalyzerRun.AssertAsync("CRL0010", Messages + source);

    [Theory]
    [InlineData("int", "0")]
    [InlineData("string", "\"\"")]
    [InlineData("Plain", "null!")]
    [InlineData("Task<bool>", "null!")]
    [InlineData("IEnumerable<Plain>", "null!")]
    [InlineData("(Tick, Plain)", "(null!, null!)")]
    [InlineData("ValueTask<Task<Tick>>", "default")]
    public Task Handler_ShouldBeCRL0011_WhenItReturnsNoMessage(string type, string value) =>
        AnalyzerRun.AssertAsync("CRL0011", $"{Messages}public static class H {{ [Handler] public static {type} [|On|](OrderCreated order) => {value}; }}");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public Task Handler_ShouldBeCRL0012_WhenItsBatchSizeIsOutOfRange(int size) => AnalyzerRun.AssertAsync(
        "CRL0012", $"{Messages}public static class H {{ [[|Handler(BatchSize = {size})|]] public static void On(IReadOnlyList<OrderCreated> orders) {{ }} }}");

    [Theory]
    [InlineData("public static class H { [Handler] public static void On(IFact [|fact|]) { } }")]
    [InlineData("public static class H { [Handler] public static void On(object [|fact|]) { } }")]
    [InlineData("public static class H { [LocalHandler] public static void On(Charge [|charge|]) { } }")]
    public Task Handler_ShouldBeCRL0013_WhenItTakesABaseOrTheWrongKind(string source) => AnalyzerRun.AssertAsync("CRL0013", Messages + source);

    [Theory]
    [InlineData("public static class H { [Handler] public static void On(OrderCreated order, Tick [|tick|]) { } }")]
    [InlineData("public static class H { [Handler] public static void On(OrderCreated order, string [|name|]) { } }")]
    [InlineData("public static class H { [Handler] public static void On(OrderCreated order, int [|count|] = 1) { } }")]
    [InlineData("public class H { [Handler] internal void On(OrderCreated order, DateTime [|now|]) { } }")]
    [InlineData("public static class H { [Handler] public static void On(OrderCreated order, [FromKeyedServices(\"a\")] CancellationToken [|token|]) { } }")]
    public Task Handler_ShouldBeCRL0015_WhenAParameterIsNoService(string source) => AnalyzerRun.AssertAsync("CRL0015", Messages + source);

    [Fact]
    public async Task Handler_ShouldBeCRL0016_WhenItAsksForAtMostOnceInAUnitOfWork()
    {
        var found = await AnalyzerRun.AssertAsync("CRL0016", Messages + """
            public class H { [[|Handler(Delivery = DeliveryGuarantee.AtMostOnceMayLose)|]] public void On(OrderCreated order, DbTransaction part) { } }
            """);

        Assert.Contains("asks for at-most-once delivery", AnalyzerRun.MessageOf(found[0]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DbTransaction", "part")]
    [InlineData("SqliteTransaction", "part")]
    [InlineData("DbConnection?", "part = null")]
    [InlineData("SqliteConnection", "part")]
    [InlineData("IUnitOfWork", "part")]
    [InlineData("ShopContext", "part")]
    public async Task Handler_ShouldBeCRL0016_WhenItAsksForAtLeastOnceInAUnitOfWork(string type, string parameter)
    {
        var found = await AnalyzerRun.AssertAsync("CRL0016", Messages + $$"""
            public class H
            {
                [[|Handler(Delivery = DeliveryGuarantee.AtLeastOnce)|], LocalHandler]
                public void On(OrderCreated order, CancellationToken cancellation, {{type}} {{parameter}}) { }
            }
            """);

        Assert.Contains($"'part' ({type.TrimEnd('?')})", AnalyzerRun.MessageOf(found[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_ShouldBeCRL0017_WhenItTakesADbContextThatNobodyCanJoin()
    {
        const string source = Messages + """
            public class H
            {
                [Handler] public void On(OrderCreated order, ShopContext shop) { }
                [LocalHandler] public void Audit(OrderCreated order, ShopContext shop) { }
            }
            """;
        var compilation = TestCompilation.Create(source);
        var package = compilation.References.Where(reference => Path.GetFileName(reference.Display) == "Carillon.EntityFrameworkCore.dll");

        var found = await AnalyzerRun.AnalyzeAsync(compilation.RemoveReferences(package));

        var finding = Assert.Single(found);
        Assert.Equal("CRL0017", finding.Id);
        Assert.Equal(source.IndexOf("shop) { }", StringComparison.Ordinal), finding.Location.SourceSpan.Start);
        Assert.Contains("'shop' of 'H.On' is a ShopContext", AnalyzerRun.MessageOf(finding), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public static class H { [Handler] internal static void On(OrderCreated order) { } }")]
    [InlineData("public class H { [Handler, LocalHandler] public void On(OrderCreated order, ShopContext shop, Microsoft.EntityFrameworkCore.DbContext other) { } }")]
    [InlineData("public class H { [Handler] public async Task<Tick?> On(OrderCreated order, Stock stock, CancellationToken c) { await Task.Yield(); return null; } }")]
    [InlineData("public class O { internal class H { [Handler] protected internal ValueTask On(OrderCreated order) => default; } }")]
    [InlineData("public abstract class H { [Handler] public static void On(OrderCreated order) { } }")]
    [InlineData("public struct H { [Handler] public static void On(OrderCreated order) { } }")]
    [InlineData("public class H { [Handler(Topics = [\"order.*\", \"a-b.c_d.>\"], Subscription = \"audit.v2\")] public void On(Envelope envelope) { } }")]
    [InlineData("public class H { [Handler(BatchSize = 1)] public void On(IReadOnlyList<OrderCreated> orders) { } }")]
    [InlineData("public class H { [Handler(BatchSize = 10_000)] public void On(IReadOnlyList<Tick> orders) { } }")]
    [InlineData("public class H { [Handler(Ordered = true)] public void On(OrderCreated order) { } }")]
    [InlineData("public class H { [Handler] public void A(OrderCreated order) { } [Handler] public void B(OrderCreated order) { } }")]
    [InlineData("public class H { [Handler] public IEnumerable<object> On(Charge charge) => []; }")]
    [InlineData("public class H { [Handler] public (Tick?, Charge[], IAsyncEnumerable<IFact>) On(Charge charge) => default; }")]
    [InlineData("public class H { [Handler, LocalHandler] public void On(OrderCreated order) { } }")]
    [InlineData("public class H { [Handler, LocalHandler] public void On(OrderCreated order, DbTransaction t, SqliteConnection? c, IUnitOfWork u) { } }")]
    [InlineData("public class H { [Handler(Delivery = DeliveryGuarantee.ExactlyOnce)] public void On(OrderCreated order, DbTransaction transaction) { } }")]
    [InlineData("public class H { [Handler(Delivery = DeliveryGuarantee.AtLeastOnce)] public void On(OrderCreated order, [FromKeyedServices(\"a\")] DbConnection c) { } }")]
    [InlineData("public class H { [Handler(Delivery = DeliveryGuarantee.AtLeastOnce)] public void On(OrderCreated order, Stock stock) { } }")]
    public Task Handler_ShouldBeClean_WhenNothingIsWrong(string source) => AnalyzerRun.AssertCleanAsync(Messages + source);
}
