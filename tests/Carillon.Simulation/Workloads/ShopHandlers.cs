using System.Text.Json;
using Carillon.Simulations.Messages;
using Carillon.Testing;

namespace Carillon.Simulations.Workloads;

/// <summary>The handlers of the workload. What they change is noted when their unit of work commits, where they have one.</summary>
internal sealed class ShopHandlers(Effects effects, bool isExactlyOnce)
{
    /// <summary>Where late payments are noted, which come in any order.</summary>
    public const string LateAudit = "audit, late";

    private readonly Dictionary<(string Order, int Number), int> _failures = [];

    /// <summary>Takes what concerns the stock as it travelled.</summary>
    public EnvelopeHandlerDefinition Observer => new("Observer", ObserveAsync) { Topics = ["stock.*"] };

    /// <summary>Whether an order is paid some time after its reservation, and therefore out of order.</summary>
    public static bool IsPaidLater(int number) => number % 3 == 0;

    /// <summary>Whether an order is shipped.</summary>
    public static bool IsShipped(int number) => number % 4 == 2;

    /// <summary>How many shelves are looked at for an order, all at once.</summary>
    public static int ShelvesOf(int number) => number % 5 == 1 ? 3 : 0;

    public ValueTask ReserveAsync(OrderPlacedWithNote order, EventContext context, CancellationToken cancellation) =>
        ReserveAsync(new OrderPlaced(order.OrderId, order.Number, order.Failures, order.Milliseconds), context, cancellation);

    public ValueTask ReserveAsync(GiftOrdered order, EventContext context, CancellationToken cancellation) =>
        ReserveAsync(new OrderPlaced(order.OrderId, order.Number, order.Failures, order.Milliseconds), context, cancellation);

    public async ValueTask ReserveAsync(OrderPlaced order, EventContext context, CancellationToken cancellation)
    {
        FailSometimes(order);
        await context.Bus.PublishAsync(new StockReserved(order.OrderId, order.Number), cancellation);
        await Task.WhenAll(Enumerable.Range(0, ShelvesOf(order.Number)).Select(async shelf =>
        {
            await Task.Yield();
            await context.Bus.PublishAsync(new ShelfChecked(order.OrderId, order.Number, shelf), cancellation);
        }));
        if (order.Milliseconds > 0)
            await Wait.ForAsync(TimeSpan.FromMilliseconds(order.Milliseconds), context, cancellation);
        Note("inventory", order.OrderId, order.Number, context);
    }

    public async ValueTask PayAsync(StockReserved stock, EventContext context, CancellationToken cancellation)
    {
        var payment = new PaymentTaken(stock.OrderId, stock.Number, IsPaidLater(stock.Number));
        if (payment.IsLate)
            await context.Bus.ScheduleAsync(payment, context.Time.AddSeconds(2), null, cancellation);
        else
            await context.Bus.PublishAsync(payment, cancellation);
        if (IsShipped(stock.Number))
            await context.Bus.SendAsync(new ShipOrder(stock.OrderId, stock.Number), null, cancellation);
        Note("payment", stock.OrderId, stock.Number, context);
    }

    public ValueTask CheckShelfAsync(ShelfChecked shelf, EventContext context, CancellationToken cancellation)
    {
        Note(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"shelf {shelf.Shelf}"), shelf.OrderId, shelf.Number, context);
        return ValueTask.CompletedTask;
    }

    private ValueTask ObserveAsync(Envelope envelope, EventContext context, CancellationToken cancellation)
    {
        if (envelope.Type != ShopMessages.Stock.Name)
            return ValueTask.CompletedTask;
        using var stock = JsonDocument.Parse(envelope.Body);
        Note("observer", stock.RootElement.GetProperty("orderId").GetString()!, stock.RootElement.GetProperty("number").GetInt32(), context);
        return ValueTask.CompletedTask;
    }

    public ValueTask AuditAsync(PaymentTaken payment, EventContext context, CancellationToken cancellation)
    {
        Note(payment.IsLate ? LateAudit : "audit", payment.OrderId, payment.Number, context);
        return ValueTask.CompletedTask;
    }

    /// <summary>Measures payments, which fails now and then, and takes a while now and then: what is lost is not missed.</summary>
    public static async ValueTask MeterAsync(PaymentTaken payment, EventContext context, CancellationToken cancellation)
    {
        if (payment.Number % 7 == 3)
            throw new InvalidOperationException("It is not measured.");
        if (payment.Number % 5 == 2)
            await Wait.ForAsync(TimeSpan.FromMilliseconds(payment.Number * 300), context, cancellation);
    }

    public async ValueTask BookAsync(IReadOnlyList<PaymentTaken> payments, EventContext context, CancellationToken cancellation)
    {
        await Task.Yield();
        foreach (var payment in payments.Where(payment => !payment.IsLate))
            Note("ledger", payment.OrderId, payment.Number, context);
    }

    public ValueTask ShipAsync(ShipOrder shipping, EventContext context, CancellationToken cancellation)
    {
        Note("shipping", shipping.OrderId, shipping.Number, context);
        return ValueTask.CompletedTask;
    }

    private void Note(string subscription, string order, int number, EventContext context)
    {
        if (isExactlyOnce)
            context.OnCommit(() => effects.Add(subscription, order, number));
        else
            effects.Add(subscription, order, number);
    }

    private void FailSometimes(OrderPlaced order)
    {
        var place = (order.OrderId, order.Number);
        var failures = _failures.GetValueOrDefault(place);
        if (failures >= order.Failures)
            return;
        _failures[place] = failures + 1;
        throw new InvalidOperationException($"Attempt {failures + 1} of {order.Failures} that fail.");
    }
}
