using Carillon.Simulations.Messages;
using Carillon.Testing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Simulations.Workloads;

/// <summary>
/// What every seed runs: orders that cause reservations that cause payments, over three services in up to five processes. How many there
/// are, what fails, what waits and how much room there is, the seed decides.
/// </summary>
internal sealed class ShopWorkload
{
    private readonly Random _random;
    private readonly Effects _effects = new();
    private readonly Dictionary<(string Order, int Number), int> _failures = [];
    private readonly bool _isExactlyOnce;
    private readonly bool _stopsKeys;
    private readonly int _room;
    private readonly int _concurrency;

    private ShopWorkload(Random random)
    {
        _random = random;
        _isExactlyOnce = random.Next(4) > 0;
        _stopsKeys = random.Next(8) == 0;
        _room = random.Next(2) == 0 ? 1 + random.Next(4) : 1_000;
        _concurrency = 1 + random.Next(4);
    }

    /// <summary>Defines the world of one seed.</summary>
    public static void Define(SimulationWorld world) => new ShopWorkload(world.Random).Build(world);

    private void Build(SimulationWorld world)
    {
        world.AddService("orders", carillon => Configure(carillon)
            .AddMessage(ShopMessages.Order)
            .AddHandler(new HandlerDefinition<PaymentTaken>("Audit", ShopMessages.Payment, OnPaymentAsync) { Subscription = "audit" }));
        world.AddService("inventory", carillon => Configure(carillon)
            .AddMessage(ShopMessages.Stock)
            .AddHandler(new HandlerDefinition<OrderPlaced>("Inventory", ShopMessages.Order, OnOrderAsync)), instances: 1 + _random.Next(3));
        world.AddService("payment", carillon => Configure(carillon)
            .AddMessage(ShopMessages.Payment)
            .AddHandler(new HandlerDefinition<StockReserved>("Payment", ShopMessages.Stock, OnStockAsync)));
        var clients = 1 + _random.Next(2);
        for (var client = 0; client < clients; client++)
        {
            var shopper = new Shopper(client, 1 + _random.Next(_random.Next(4) == 0 ? 12 : 6), _effects);
            world.AddClient("orders", shopper.PlaceAsync);
        }

        world.CheckAtRest("messages of a client are handled in its order", () => _effects.AreInOrder);
        world.CheckAtRest("every order is paid", () => _effects.AreComplete);
        if (_isExactlyOnce)
            world.CheckAtRest("every order is paid once", () => _effects.HappenedOnce);
    }

    private ICarillonBuilder Configure(ICarillonBuilder carillon) => carillon.UseJson(ShopMessages.Default).Subscription(subscription =>
    {
        subscription.Start = StartPosition.Beginning;
        subscription.Delivery = _isExactlyOnce ? DeliveryGuarantee.ExactlyOnce : DeliveryGuarantee.AtLeastOnce;
        subscription.MaxInFlight = _room;
        subscription.Concurrency = _concurrency;
        subscription.DeadLetters = _stopsKeys ? DeadLetterPolicy.StopKey : DeadLetterPolicy.ParkKey;
        subscription.Retries.FirstDelay = TimeSpan.FromMilliseconds(200);
        subscription.Retries.MaxDelay = TimeSpan.FromSeconds(2);
        subscription.Retries.DelayedAttempts = 1;
    });

    private async ValueTask OnOrderAsync(OrderPlaced order, EventContext context, CancellationToken cancellation)
    {
        if (order.Failures > 0)
            FailSometimes(order);
        await context.Bus.PublishAsync(new StockReserved(order.OrderId, order.Number), cancellation);
        if (order.Milliseconds > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(order.Milliseconds), context.Services.GetRequiredService<TimeProvider>(), cancellation);
        Note("inventory", order.OrderId, order.Number, context);
    }

    private async ValueTask OnStockAsync(StockReserved stock, EventContext context, CancellationToken cancellation)
    {
        if (stock.Number % 3 == 0)
            await context.Bus.ScheduleAsync(new PaymentTaken(stock.OrderId, stock.Number, IsLate: true), context.Time.AddSeconds(2), null, cancellation);
        else
            await context.Bus.PublishAsync(new PaymentTaken(stock.OrderId, stock.Number, IsLate: false), cancellation);
        Note("payment", stock.OrderId, stock.Number, context);
    }

    private ValueTask OnPaymentAsync(PaymentTaken payment, EventContext context, CancellationToken cancellation)
    {
        // Late ones come in any order.
        if (!payment.IsLate)
            Note("audit", payment.OrderId, payment.Number, context);
        WhenCommitted(context, () => _effects.Pay(payment.OrderId, payment.Number));
        return ValueTask.CompletedTask;
    }

    private void Note(string subscription, string order, int number, EventContext context) =>
        WhenCommitted(context, () => _effects.Add(subscription, order, number));

    private void WhenCommitted(EventContext context, Action effect)
    {
        if (_isExactlyOnce)
            ((SimulatedTransaction)context.UnitOfWork.Transaction).OnCommit(effect);
        else
            effect();
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
