using Carillon.SourceGenerator.Tests.Compiling;

namespace Carillon.SourceGenerator.Tests.Diagnostics;

public sealed class OutsideContextDiagnosticTests
{
    private const string Types = """
        [Event("order.created")] public sealed record OrderCreated([property: Key] string OrderId);
        public interface IAppDb;
        public abstract class BaseContext : Microsoft.EntityFrameworkCore.DbContext;
        public sealed class ShopContext : BaseContext, IAppDb;
        public sealed class OtherContext : Microsoft.EntityFrameworkCore.DbContext;
        public interface IOrders;
        public sealed class Orders(ShopContext shop) : IOrders { public object Shop => shop; }
        public sealed class Made(Microsoft.EntityFrameworkCore.IDbContextFactory<ShopContext> shops) { public object Shops => shops; }
        public sealed class Hidden(IAppDb shop) { public object Shop => shop; }
        public sealed class Service(Orders orders) { public object Orders => orders; }
        public interface INamed;
        public sealed class NamedContext : Microsoft.EntityFrameworkCore.DbContext, INamed;
        public sealed class Named : INamed;
        public sealed class Stock;

        """;

    [Theory]
    [InlineData("public sealed class H(ShopContext [|shop|]) { public object Shop => shop; @ public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(Stock stock, BaseContext [|shop|]) { public object[] All => [stock, shop]; @ public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H { public H(Microsoft.EntityFrameworkCore.DbContext [|shop|]) { } @ public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(IAppDb [|shop|]) { public object Shop => shop; @ public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(Microsoft.EntityFrameworkCore.IDbContextFactory<ShopContext> [|shops|]) { public object Shops => shops; @ public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(Orders [|orders|]) { public object Orders => orders; @ public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(IOrders [|orders|]) { public object Orders => orders; @ public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(Made [|orders|], Hidden [|hidden|]) { public object[] All => [orders, hidden]; @ public void On(OrderCreated order) { } }")]
    [InlineData("public static class H { @ public static void On(OrderCreated order, Orders [|orders|], IAppDb [|shop|]) { } }")]
    [InlineData("public static class H { @ public static void On(OrderCreated order, [FromKeyedServices(1)] ShopContext [|shop|]) { } }")]
    [InlineData("public sealed class H(ShopContext [|shop|]) { public object Shop => shop; [Handler] public void On(OrderCreated order, DbTransaction transaction) { } }")]
    [InlineData("public sealed class H(ShopContext [|shop|]) { public object Shop => shop; [Handler] public void On(OrderCreated order, OtherContext other) { } }")]
    [InlineData("public sealed class H(Made [|made|]) { public object Made => made; [Handler] public void On(OrderCreated order, ShopContext shop) { } }")]
    [InlineData("public class B(ShopContext shop) { public object Shop => shop; } public sealed class H(ShopContext [|shop|]) : B(shop) { @ public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(ShopContext [|shop|]) { public object Shop => shop; @ public void On(OrderCreated order) { } @ public void Again(OrderCreated order) { } }")]
    public Task Context_ShouldBeCRL0020_WhenAHandlerThatRunsExactlyOnceHasItOutside(string source) => AnalyzerRun.AssertAsync("CRL0020", Types + Handlers(source));

    [Theory]
    [InlineData("public sealed class H(ShopContext shop) { public object Shop => shop; [Handler] public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(Orders orders, IAppDb shop) { public object[] All => [orders, shop]; [Handler] public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(ShopContext shop) { public object Shop => shop; [Handler(Delivery = DeliveryGuarantee.AtLeastOnce)] public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(ShopContext shop) { public object Shop => shop; [LocalHandler] public void On(OrderCreated order) { } }")]
    [InlineData("public sealed class H(ShopContext shop) { public object Shop => shop; @ public static void On(OrderCreated order) { } }")]
    [InlineData("public static class H { @ public static void On(OrderCreated order, Stock stock, Service service, IServiceProvider services) { } }")]
    [InlineData("public sealed class H(Orders orders, IAppDb db) { public object[] All => [orders, db]; [Handler] public void On(OrderCreated order, ShopContext shop) { } }")]
    [InlineData("public sealed class H(ShopContext shop) { public object Shop => shop; @ public void On(OrderCreated order, BaseContext joined) { } }")]
    [InlineData("public sealed class H(Hidden hidden) { public object Hidden => hidden; [Handler] public void On(OrderCreated order, ShopContext shop) { } }")]
    [InlineData("public sealed class H(INamed named) { public object Named => named; @ public void On(OrderCreated order) { } }")]
    public Task Context_ShouldBeClean_WhenTheHandlerTakesItOrMayRunAgain(string source) => AnalyzerRun.AssertCleanAsync(Types + Handlers(source));

    [Fact]
    public async Task Message_ShouldSayWhatBringsTheContext_WhenItIsHidden()
    {
        var found = await AnalyzerRun.AssertAsync("CRL0020", Types + Handlers("public static class H { @ public static void On(OrderCreated order, Orders [|orders|]) { } }"));

        Assert.Contains("'orders' (Orders, which brings a ShopContext)", AnalyzerRun.MessageOf(found[0]), StringComparison.Ordinal);
    }

    private static string Handlers(string source) => source.Replace("@", "[Handler(Delivery = DeliveryGuarantee.ExactlyOnce)]", StringComparison.Ordinal);
}
