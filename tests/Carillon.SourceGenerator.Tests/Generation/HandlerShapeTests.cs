using Carillon.SourceGenerator.Tests.Compiling;

namespace Carillon.SourceGenerator.Tests.Generation;

/// <summary>What is written for each shape of a handler.</summary>
public sealed class HandlerShapeTests
{
    private const string Messages = """
        namespace Shop;

        [Event("order.created", Version = 2)]
        public sealed record OrderCreated([property: Key] string OrderId, decimal Total);

        [Event("stock.reserved")]
        public sealed record StockReserved([property: Key] string OrderId);

        [Event("stock.missing", Topic = "stock", Priority = Priority.High)]
        public readonly record struct StockMissing(Guid ProductId);

        [Command("payment.charge")]
        public sealed record ChargePayment([property: Key] Guid OrderId);

        public abstract record Decision([property: Key] int Number);

        [Event("decision.yes")]
        public sealed record Yes(int Number) : Decision(Number);

        [Event("decision.no")]
        public sealed record No(int Number, string Reason) : Decision(Number);

        public sealed class Stock;

        public sealed class ShopContext : Microsoft.EntityFrameworkCore.DbContext;
        """;

    [Theory]
    [InlineData("StaticVoid", "public static class Handlers { [Handler] public static void On(OrderCreated order) { } }")]
    [InlineData("StaticTask", "public static class Handlers { [Handler] public static Task On(OrderCreated order) => Task.CompletedTask; }")]
    [InlineData("StaticValueTask", "internal static class Handlers { [Handler] internal static ValueTask On(OrderCreated order, CancellationToken token) => default; }")]
    [InlineData("InstanceAsync", """
        public sealed class Inventory(Stock stock)
        {
            [Handler(Subscription = "reserve", Ordered = true)]
            public async Task<StockReserved?> On(OrderCreated order, EventContext context, CancellationToken cancellation)
            {
                await Task.Yield();
                return order.Total > 0 && stock is not null ? new(order.OrderId) : null;
            }
        }
        """)]
    [InlineData("Injected", """
        public static class Handlers
        {
            [Handler]
            public static void On(
                OrderCreated @event, Envelope envelope, IEventBus bus, IServiceProvider services, Stock stock, Stock? optional,
                [FromKeyedServices("cold \"store\"")] Stock keyed, [FromKeyedServices(7)] Stock? numbered, [FromKeyedServices(Priority.High)] Stock urgent)
            {
            }
        }
        """)]
    [InlineData("Batch", """
        public sealed class Audit
        {
            [Handler(Subscription = "audit", BatchSize = 500)]
            public Task On(IReadOnlyList<OrderCreated> orders, CancellationToken cancellation) => Task.CompletedTask;
        }
        """)]
    [InlineData("Envelopes", """
        public sealed class Journal
        {
            [Handler(Subscription = "journal", Topics = ["order.>", "stock"])]
            public void Write(Envelope envelope) { }
        }
        """)]
    [InlineData("Command", "public static class Payments { [Handler] public static StockReserved Charge(ChargePayment charge) => new(charge.OrderId.ToString()); }")]
    [InlineData("Local", "public sealed class Cache { [LocalHandler] public void Forget(OrderCreated order) { } }")]
    [InlineData("UnitOfWork", """
        public sealed class Inventory
        {
            [Handler]
            public async Task<StockReserved> On(
                OrderCreated order, DbTransaction transaction, SqliteTransaction? sqlite, DbConnection connection, SqliteConnection file, IUnitOfWork work)
            {
                await Task.Yield();
                return new(order.OrderId);
            }
        }
        """)]
    [InlineData("DbContext", """
        public sealed class Inventory
        {
            [Handler]
            public async Task<StockReserved?> On(OrderCreated order, ShopContext context, CancellationToken cancellation)
            {
                await Task.Yield();
                return new(order.OrderId);
            }

            [Handler] public static void Count(StockReserved reserved, IEventBus bus, ShopContext message, Microsoft.EntityFrameworkCore.DbContext other) { }

            [LocalHandler] public void Audit(StockReserved reserved, ShopContext context) { }
        }
        """)]
    [InlineData("ExactlyOnce", "public static class Handlers { [Handler(Delivery = DeliveryGuarantee.ExactlyOnce)] public static StockReserved On(OrderCreated order) => new(order.OrderId); }")]
    [InlineData("AtMostOnce", "public static class Handlers { [Handler(Delivery = DeliveryGuarantee.AtMostOnceMayLose)] public static void On(OrderCreated order) { } }")]
    [InlineData("LocalUnitOfWork", "public sealed class Audit { [LocalHandler] public void Write(OrderCreated order, DbTransaction transaction) { } }")]
    [InlineData("Sequence", "public static class Handlers { [Handler] public static IEnumerable<StockReserved?>? On(OrderCreated order) => [new(order.OrderId), null]; }")]
    [InlineData("AsyncSequence", """
        public static class Handlers
        {
            [Handler]
            public static async IAsyncEnumerable<StockReserved> On(OrderCreated order)
            {
                await Task.Yield();
                yield return new(order.OrderId);
            }
        }
        """)]
    [InlineData("Tuple", "public static class Handlers { [Handler] public static ValueTask<(StockReserved, StockMissing?)> On(OrderCreated order) => new((new(order.OrderId), null)); }")]
    [InlineData("OneOf", "public static class Handlers { [Handler] public static Decision On(OrderCreated order) => new Yes(1); }")]
    [InlineData("NestedClassWithOverloads", """
        public static class Outer
        {
            public sealed class Handlers
            {
                [Handler] public void @event(OrderCreated order) { }
                [Handler] public void @event(StockReserved reserved) { }
                [Handler] public void @event(OrderCreated order, Stock stock) { }
            }
        }
        """)]
    public void Handler_ShouldBeCalledAsWritten_WhenItHasThisShape(string name, string handlers)
    {
        var run = GeneratorRun.Of(Messages, $"namespace Shop;\n{handlers}").AssertCompiles();

        var file = run.Result.GeneratedSources.Single(source => source.HintName.StartsWith("Handlers.", StringComparison.Ordinal));
        Snapshot.Verify(file.SourceText.ToString(), name);
    }
}
