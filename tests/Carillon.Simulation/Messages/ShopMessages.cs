using System.Text.Json.Serialization;

namespace Carillon.Simulations.Messages;

/// <summary>The messages of the workload as Carillon knows them, made once: worlds are many.</summary>
[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderPlacedWithNote))]
[JsonSerializable(typeof(GiftOrdered))]
[JsonSerializable(typeof(ShelfChecked))]
[JsonSerializable(typeof(StockReserved))]
[JsonSerializable(typeof(PaymentTaken))]
[JsonSerializable(typeof(ShipOrder))]
internal sealed partial class ShopMessages : JsonSerializerContext
{
    public static MessageDefinition<OrderPlaced> Order { get; } = new("order.placed", MessageKind.Event, static order => order.OrderId);

    public static MessageDefinition<OrderPlacedWithNote> OrderWithNote { get; } =
        new("order.placed", MessageKind.Event, static order => order.OrderId) { Version = 2 };

    public static MessageDefinition<GiftOrdered> Gift { get; } = new("gift.ordered", MessageKind.Event, static order => order.OrderId);

    public static MessageDefinition<ShelfChecked> Shelf { get; } = new("shelf.checked", MessageKind.Event, static shelf => shelf.OrderId);

    public static MessageDefinition<StockReserved> Stock { get; } = new("stock.reserved", MessageKind.Event, static stock => stock.OrderId);

    public static MessageDefinition<ShipOrder> Shipping { get; } = new("ship.order", MessageKind.Command, static shipping => shipping.OrderId);

    public static MessageDefinition<PaymentTaken> Payment { get; } = new("payment.taken", MessageKind.Event, static payment => payment.OrderId);
}
