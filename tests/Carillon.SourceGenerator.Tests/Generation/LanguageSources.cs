using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Tests.Generation;

/// <summary>A shop with every kind of message, key and handler, in the first C# that can say it, and what later versions add.</summary>
internal static class LanguageSources
{
    /// <summary>A message in the C# of .NET Framework.</summary>
    public const string BeforeNullableTypes = """
        using Carillon;

        namespace Shop
        {
            [Event("order.created", Version = 2, Topic = "orders", Priority = Priority.High)]
            public sealed class OrderCreated
            {
                [Key] public string OrderId { get; set; }
            }
        }
        """;

    private static readonly (LanguageVersion From, string Source)[] Sources =
    [
        (LanguageVersion.CSharp8, Messages),
        (LanguageVersion.CSharp8, Handlers),
        (LanguageVersion.CSharp8, Returning),
        (LanguageVersion.CSharp8, UnitsOfWork),
        (LanguageVersion.CSharp8, Program),
        (LanguageVersion.CSharp9, """
            namespace Nine
            {
                [Carillon.Event("nine")] public sealed record Said([property: Carillon.Key] string Id) { public string? By { get; init; } }
                public static class Handlers { [Carillon.Handler] public static Said? On(Said said, Shop.Stock<nint> stock) => null; }
            }
            """),
        (LanguageVersion.CSharp10, """
            global using System.Linq;
            namespace Ten;
            [Carillon.Event("ten")] public readonly record struct Counted([property: Carillon.Key] System.Guid Id);
            public static class Handlers { [Carillon.Handler] public static Counted? On(Counted counted) => null; }
            """),
        (LanguageVersion.CSharp11, """
            namespace Eleven;
            [Carillon.Event("eleven")] public sealed class Sold { [Carillon.Key] public required string Id { get; init; } }
            file sealed class Hidden { }
            public static class Handlers { [Carillon.Handler] public static object? On(Sold sold) => new Hidden() is null ? sold : null; }
            """),
        (LanguageVersion.CSharp12, """
            using Text = System.Collections.Generic.List<string>;
            namespace Twelve;
            [Carillon.Event("twelve")] public sealed class Shipped(string id) { [Carillon.Key] public string Id => id; }
            public sealed class Handlers(Text texts) { [Carillon.Handler(Topics = ["twelve", "more.>"])] public void On(Shipped shipped) => texts.Add(shipped.Id); }
            """),
        (LanguageVersion.CSharp13, """
            namespace Thirteen;
            [Carillon.Event("thirteen")] public sealed partial class Packed { [Carillon.Key] public partial string Id { get; set; } }
            public sealed partial class Packed { private string _id = ""; public partial string Id { get => _id; set => _id = value; } }
            public static partial class Handlers { [Carillon.Handler] public static partial void On(Packed packed); }
            public static partial class Handlers { public static partial void On(Packed packed) { } }
            """),
        (LanguageVersion.Preview, """
            namespace Later;
            [Carillon.Event("later")] public sealed class Weighed { [Carillon.Key] public string Id { get => field; set => field = value.Trim(); } = ""; }
            public static class Handlers { [Carillon.Handler] public static void On(Weighed weighed) { } }
            """),
    ];

    private const string Messages = """
        using System;
        using Carillon;

        namespace Shop
        {
            public enum Country : short { Norway, Sweden }

            public interface IOfOrder { [Key] string OrderId { get; } }

            [Event("order.created", Version = 2, Topic = "orders", Priority = Priority.High)]
            public sealed class OrderCreated : IOfOrder
            {
                public OrderCreated(string orderId, string? note) { OrderId = orderId; Note = note; }
                public string OrderId { get; }
                public string? Note { get; }
            }

            [Event("stock.reserved")] public sealed class StockReserved { [Key] public Guid? Id { get; set; } }
            [Event("stock.counted", Priority = Priority.Low)] public struct StockCounted { [Key] public Country Country { get; set; } }
            [Command("payment.charge")] public sealed class Charge { [Key] public decimal Number { get; set; } }
            [Command("payment.refund")] public sealed class Refund { [Key] public DateTimeOffset? At { get; set; } }
            public abstract class Decision { [Key] public long Number { get; set; } }
            [Event("decision.yes")] public sealed class Yes : Decision { public new string Number { get; set; } = ""; }
            [Event("decision.no")] public sealed class No : Decision { }
            [Event("plain")] public sealed class @event { }

            public static class Outer { [Event("nested")] public sealed class Nested { [Key] public Uri? Id { get; set; } } }
            public sealed class Stock<T> { }
            public sealed class ShopContext : Microsoft.EntityFrameworkCore.DbContext { }
        }
        """;

    private const string Handlers = """
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Carillon;
        using Microsoft.Extensions.DependencyInjection;

        namespace Shop
        {
            public sealed class Inventory
            {
                [Handler] public void Void(OrderCreated order) { }
                [Handler] public static ValueTask Forwarded(OrderCreated order) => default;
                [Handler(Subscription = "reserve", Ordered = true)] public Task Plain(OrderCreated order, EventContext context, CancellationToken cancellation) => Task.CompletedTask;
                [Handler(Subscription = "audit", BatchSize = 500)] public Task Batch(IReadOnlyList<StockReserved> reserved) => Task.CompletedTask;
                [Handler(Subscription = "journal", Topics = new[] { "order.>", "stock" })] public void Write(Envelope envelope) { }
                [Handler] public static Task<StockReserved?> Charge(Charge charge) => Task.FromResult<StockReserved?>(null);
                [LocalHandler] public static void Local(Outer.Nested nested) { }
                [Handler] public void @event(@event @class) { }

                [Handler]
                public static void Injected(
                    OrderCreated order, Envelope envelope, IEventBus bus, IServiceProvider services, Stock<IntPtr> stock, Stock<string?>? optional,
                    [FromKeyedServices("cold \"store\"")] Stock<int> keyed, [FromKeyedServices(-7)] Stock<(int A, string B)>? numbered, [FromKeyedServices(Country.Sweden)] Stock<UIntPtr> sorted)
                {
                }
            }
        }
        """;

    private const string Returning = """
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using Carillon;

        namespace Shop
        {
            public sealed class Returning
            {
                [Handler] public StockReserved One(OrderCreated order) => new StockReserved();
                [Handler] public async Task<StockCounted?> Maybe(OrderCreated order) { await Task.Yield(); return null; }
                [Handler] public static IEnumerable<StockReserved?>? Several(OrderCreated order) => null;
                [Handler] public static StockCounted[] Values(OrderCreated order) => new StockCounted[1];
                [Handler] public static async IAsyncEnumerable<StockReserved> Stream(OrderCreated order) { await Task.Yield(); yield return new StockReserved(); }
                [Handler] public static ValueTask<(StockReserved, StockCounted?, Refund[])> Tuple(OrderCreated order) => default;
                [Handler] public static Decision Decide(OrderCreated order) => new Yes();
                [Handler] public static Task<object?> Anything(OrderCreated order) => Task.FromResult<object?>(null);
            }
        }
        """;

    private const string UnitsOfWork = """
        using System.Data.Common;
        using System.Threading;
        using System.Threading.Tasks;
        using Carillon;
        using Microsoft.Data.Sqlite;

        namespace Shop
        {
            public static class Ledger
            {
                [Handler] public static Task<StockReserved> Book(OrderCreated order, DbTransaction transaction, SqliteConnection connection, IUnitOfWork work) => Task.FromResult(new StockReserved());
                [Handler(Delivery = DeliveryGuarantee.ExactlyOnce)] public static void Once(OrderCreated order) { }
                [Handler] public static async Task<Reservations?> Context(OrderCreated order, ShopContext context, CancellationToken cancellation) { await Task.Yield(); return null; }
                [Handler] public static void Contexts(OrderCreated order, ShopContext context, Microsoft.EntityFrameworkCore.DbContext other) { }
                [LocalHandler] public static void Local(OrderCreated order, SqliteTransaction transaction) { }
            }

            public sealed class Reservations : System.Collections.Generic.List<StockReserved> { }
        }
        """;

    private const string Program = """
        using System.Threading.Tasks;
        using Carillon;

        namespace Shop
        {
            public static class Program
            {
                public static ICarillonBuilder Add(ICarillonBuilder carillon) => carillon.AddHandlers(typeof(Inventory), typeof(Ledger));
                public static ValueTask Refund(IEventBus bus) => bus.SendAsync(new Refund());
            }
        }
        """;

    public static IEnumerable<string> UpTo(LanguageVersion version) => Sources.Where(source => source.From <= version).Select(source => source.Source);
}
