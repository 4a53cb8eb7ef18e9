using System.Globalization;
using Carillon.Simulations.Messages;
using Carillon.Testing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Simulations.Workloads;

/// <summary>
/// What every seed runs: orders that cause reservations that cause payments, over three services in up to five processes. How many there
/// are, what fails, what waits and how much room there is, the seed decides.
/// </summary>
internal sealed class ShopWorkload
{
    // As many as the simulated log has. In a crowded world all orders share one, so that they finish in another order than they came in.
    internal const int AllPartitions = 16;

    private readonly Random _random;
    private readonly Effects _effects = new();
    private readonly ShopHandlers _handlers;
    private readonly bool _isExactlyOnce;
    private readonly Assortment _assortment = new();
    private readonly bool _stopsKeys;
    private readonly bool _skips;
    private readonly int _room;
    private readonly int _buffer;
    private readonly int _concurrency;
    private readonly bool _isCrowded;
    private readonly bool _ignores;
    private readonly bool _observes;
    private readonly bool _measures;

    private ShopWorkload(SimulationWorld world)
    {
        var random = _random = world.Random;
        _isExactlyOnce = random.Next(4) > 0;
        _stopsKeys = random.Next(8) == 0;
        _skips = random.Next(8) == 0 && world.Allows(FaultKinds.HastyOperator);
        _room = random.Next(2) == 0 ? 1 + random.Next(4) : 1_000;
        _buffer = random.Next(2) == 0 ? 1 + random.Next(4) : 10_000;
        _concurrency = 1 + random.Next(4);
        _isCrowded = random.Next(3) == 0;
        _ignores = random.Next(4) == 0 && world.Allows(FaultKinds.Deployment);
        _observes = _concurrency == 2;
        _measures = _concurrency == 3;
        _handlers = new ShopHandlers(_effects, _isExactlyOnce);
    }

    /// <summary>Defines the world of one seed.</summary>
    public static void Define(SimulationWorld world) => new ShopWorkload(world).Build(world);

    private void Build(SimulationWorld world)
    {
        world.AddService("orders", carillon => AddMeter(Configure(carillon))
            .AddMessage(ShopMessages.Order)
            .AddMessage(ShopMessages.OrderWithNote)
            .AddMessage(ShopMessages.Gift)
            .AddHandler(new HandlerDefinition<PaymentTaken>("Audit", ShopMessages.Payment, _handlers.AuditAsync) { Subscription = "audit" })
            .AddHandler(new BatchHandlerDefinition<PaymentTaken>("Ledger", ShopMessages.Payment, 3, _handlers.BookAsync) { Subscription = "ledger" }));
        world.AddService("inventory", carillon => AddGifts(ConfigureInventory(carillon)), instances: NextInstances());
        world.AddVersion("inventory", carillon => AddNotes(ConfigureInventory(carillon)));
        world.AddVersion("inventory", carillon => AddGifts(AddNotes(ConfigureInventory(carillon))));
        world.AddService("payment", carillon => Configure(carillon)
            .AddMessage(ShopMessages.Payment)
            .AddMessage(ShopMessages.Shipping)
            .AddHandler(new HandlerDefinition<StockReserved>("Payment", ShopMessages.Stock, _handlers.PayAsync))
            .AddHandler(new HandlerDefinition<ShelfChecked>("Shelves", ShopMessages.Shelf, _handlers.CheckShelfAsync) { Subscription = "shelves" }));
        var clients = 1 + _random.Next(2);
        for (var client = 0; client < clients; client++)
            world.AddClient("orders", new Shopper(NextOrderIds(client), NextChanges(), _effects, _assortment, _ignores).PlaceAsync);
        // A key with a long backlog must not hold up the others, and keeps its order all the same.
        if (_random.Next(8) == 0)
            world.AddClient("orders", new Shopper([NextOrderIds(clients)[0]], 20 + _random.Next(60), _effects, _assortment, _ignores, mostTogether: 30).PlaceAsync);
        var crowd = new Crowd(_effects, _assortment, _ignores);
        world.AddCrowd("orders", FaultKinds.Outage, client => crowd.PlaceManyAsync(client, "needy"))
            .AddCrowd("orders", FaultKinds.LateParking, client => crowd.PlaceManyAsync(client, "late"))
            .AddCrowd("orders", FaultKinds.Deployment, crowd.PlaceForBothAsync);
        AddChecks(world);
    }

    private void AddChecks(SimulationWorld world)
    {
        // What is skipped, or waits for a version that handles it, comes later.
        if (!_skips && !world.Allows(FaultKinds.Deployment))
            world.CheckAtRest("messages of a client are handled in its order", () => _effects.AreInOrder(ShopHandlers.LateAudit));
        world.CheckAtRest("what was cancelled in time never happens", () => _effects.AreWanted);
        world.CheckAtRest("every order is reserved", () => _effects.AreComplete("inventory", static _ => true));
        world.CheckAtRest("every reservation is paid", () => _effects.AreComplete("payment", static _ => true));
        world.CheckAtRest("every payment is audited", () => _effects.AreComplete("audit", static number => !ShopHandlers.IsPaidLater(number)));
        world.CheckAtRest("every late payment is audited", () => _effects.AreComplete(ShopHandlers.LateAudit, ShopHandlers.IsPaidLater));
        world.CheckAtRest("every payment is booked", () => _effects.AreComplete("ledger", static number => !ShopHandlers.IsPaidLater(number)));
        world.CheckAtRest("what is to be shipped is shipped", () => _effects.AreComplete("shipping", ShopHandlers.IsShipped));
        if (_observes)
            world.CheckAtRest("every reservation is observed", () => _effects.AreComplete("observer", static _ => true));
        for (var shelf = 0; shelf < 3; shelf++)
        {
            var (name, number) = (string.Create(CultureInfo.InvariantCulture, $"shelf {shelf}"), shelf);
            world.CheckAtRest($"every {name} is checked", () => _effects.AreComplete(name, order => ShopHandlers.ShelvesOf(order) > number));
        }

        if (_isExactlyOnce)
            world.CheckAtRest("everything happens once", () => _effects.HappenedOnce);
    }

    // What the observer takes, whatever its type, is no reason to take what only another version has a handler for.
    private ICarillonBuilder ConfigureInventory(ICarillonBuilder carillon) => Configure(_observes ? carillon.AddHandler(_handlers.Observer) : carillon)
        .AddMessage(ShopMessages.Stock)
        .AddMessage(ShopMessages.Shelf)
        .AddHandler(new HandlerDefinition<OrderPlaced>("Inventory", ShopMessages.Order, _handlers.ReserveAsync) { Topics = _ignores ? ["order.*", "gift.*"] : null })
        .AddHandler(new HandlerDefinition<ShipOrder>("Shipping", ShopMessages.Shipping, _handlers.ShipAsync) { Subscription = "shipping" });

    // Each of the first two versions handles something that the other does not.
    private ICarillonBuilder AddGifts(ICarillonBuilder carillon)
    {
        carillon.Services.AddSingleton<IHostedService>(new Assortment.Opening(() => _assortment.HasGifts = true));
        return carillon.AddHandler(new HandlerDefinition<GiftOrdered>("Inventory, gifts", ShopMessages.Gift, _handlers.ReserveAsync));
    }

    private ICarillonBuilder AddMeter(ICarillonBuilder carillon) => !_measures ? carillon : carillon
        .AddHandler(new HandlerDefinition<PaymentTaken>("Meter", ShopMessages.Payment, ShopHandlers.MeterAsync) { Subscription = "meter", Delivery = DeliveryGuarantee.AtMostOnceMayLose });

    private ICarillonBuilder AddNotes(ICarillonBuilder carillon)
    {
        carillon.Services.AddSingleton<IHostedService>(new Assortment.Opening(() => _assortment.HasNotes = true));
        return carillon.AddHandler(new HandlerDefinition<OrderPlacedWithNote>("Inventory, with notes", ShopMessages.OrderWithNote, _handlers.ReserveAsync));
    }

    private ICarillonBuilder Configure(ICarillonBuilder carillon) => carillon
        .UseJson(ShopMessages.Default)
        .Publishing(publisher => publisher.BufferMessages = _buffer)
        .Subscription(subscription =>
        {
            subscription.Start = StartPosition.Beginning;
            subscription.Delivery = _isExactlyOnce ? DeliveryGuarantee.ExactlyOnce : DeliveryGuarantee.AtLeastOnce;
            subscription.MaxInFlight = _room;
            subscription.Concurrency = _concurrency;
            subscription.DeadLetters = _stopsKeys ? DeadLetterPolicy.StopKey : _skips ? DeadLetterPolicy.Skip : DeadLetterPolicy.ParkKey;
            subscription.Retries.FirstDelay = TimeSpan.FromMilliseconds(200);
            subscription.Retries.MaxDelay = TimeSpan.FromSeconds(2);
            subscription.Retries.DelayedAttempts = 1;
        });

    private string[] NextOrderIds(int client) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(order => $"{client}-{order}").Where(order => !_isCrowded || Partitions.Of(order, AllPartitions) == 0).Take(1 + _random.Next(3))];

    // Now and then one order changes so often that everything else is little beside it.
    private int NextChanges() => _random.Next(24) == 0 ? 40 + _random.Next(40) : 1 + _random.Next(_random.Next(4) == 0 ? 12 : 6);

    private int NextInstances() => _random.Next(6) switch
    {
        0 => 3,
        1 or 2 => 2,
        _ => 1,
    };
}
