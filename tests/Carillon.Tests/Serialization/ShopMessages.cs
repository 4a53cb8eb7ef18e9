using System.Text.Json.Serialization;

namespace Carillon.Tests.Serialization;

/// <summary>The messages that the tests of this folder write and read.</summary>
[Event("order.created")]
public sealed record OrderCreated([property: Key] string OrderId, int Count, decimal Total, double Weight, DateTimeOffset PlacedAt, IReadOnlyList<OrderLine> Lines, string? Note = null)
{
    public static OrderCreated Example { get; } = new(
        "order-1", 3, -1234.50m, 1234.5, new DateTimeOffset(2026, 11, 21, 10, 20, 30, TimeSpan.FromHours(-3)), [new OrderLine("İstanbul ıI", 2, 0.1)], "ünïcode \U0001F514");
}

public sealed record OrderLine(string Product, int Quantity, double Price);

[Event("user.registered")]
public sealed record UserRegistered([property: Key] string UserId, string Name, int Age, decimal Credit, double Score, DateTimeOffset At);

public enum Colour
{
    Red = 1,
}

[Event("number.holder")]
public sealed record NumberHolder
{
    public int Small { get; init; }

    public float Rough { get; init; }

    public Half Half { get; init; }

    public decimal Exact { get; init; }

    public double? Maybe { get; init; }

    public IReadOnlyList<double>? Many { get; init; }

    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public double Quoted { get; init; }

    public DateTime Date { get; init; }

    public Colour Colour { get; init; }
}

[Event("node.grown")]
public sealed class Node(Node? child)
{
    public Node? Child { get; } = child;

    public static Node OfDepth(int depth) => Enumerable.Range(1, depth - 1).Aggregate(new Node(child: null), (inner, _) => new Node(inner));
}

[Event("picky.made")]
public sealed record Picky
{
    public Picky(int amount) =>
        Amount = amount >= 0 ? amount : throw new ArgumentOutOfRangeException(nameof(amount), amount, new string('x', 500));

    public int Amount { get; }
}

[Event("dictionary.filled")]
public sealed record DictionaryFilled(IReadOnlyDictionary<string, int> Entries);

[JsonSerializable(typeof(OrderCreated))]
internal sealed partial class ShopJsonContext : JsonSerializerContext;
