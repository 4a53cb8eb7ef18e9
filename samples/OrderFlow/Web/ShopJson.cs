using System.Text.Json;
using System.Text.Json.Serialization;
using OrderFlow.Contracts;
using OrderFlow.Email;
using OrderFlow.Inventory;
using OrderFlow.Orders;
using OrderFlow.Users;

namespace OrderFlow.Web;

/// <summary>How everything that travels is written as JSON, known at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    MaxDepth = 32,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(OrderCreated))]
[JsonSerializable(typeof(InventoryUpdated))]
[JsonSerializable(typeof(InventoryCheckFailed))]
[JsonSerializable(typeof(IStockDecision))]
[JsonSerializable(typeof(PaymentProcessed))]
[JsonSerializable(typeof(PaymentFailed))]
[JsonSerializable(typeof(IPaymentDecision))]
[JsonSerializable(typeof(OrderStatusUpdated))]
[JsonSerializable(typeof(UserRegistered))]
[JsonSerializable(typeof(PlaceOrder))]
[JsonSerializable(typeof(OrderAccepted))]
[JsonSerializable(typeof(IReadOnlyList<OrderLine>))]
[JsonSerializable(typeof(IReadOnlyList<Order>))]
[JsonSerializable(typeof(RegisterUser))]
[JsonSerializable(typeof(UserAccepted))]
[JsonSerializable(typeof(IReadOnlyList<Account>))]
[JsonSerializable(typeof(IReadOnlyList<Product>))]
[JsonSerializable(typeof(IReadOnlyList<SentEmail>))]
[JsonSerializable(typeof(IReadOnlyList<EventView>))]
internal sealed partial class ShopJson : JsonSerializerContext;
