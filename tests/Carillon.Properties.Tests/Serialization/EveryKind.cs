namespace Carillon.Properties.Tests.Serialization;

/// <summary>A message with a property of every kind that messages have.</summary>
[Event("every.kind")]
public sealed record EveryKind
{
    public bool Flag { get; init; }

    public byte Small { get; init; }

    public int Number { get; init; }

    public long Large { get; init; }

    public ulong Positive { get; init; }

    public decimal Money { get; init; }

    public double Rough { get; init; }

    public float Rougher { get; init; }

    public Half Roughest { get; init; }

    public double? Maybe { get; init; }

    public required string Text { get; init; }

    public string? Note { get; init; }

    public Guid Uuid { get; init; }

    public DateTimeOffset At { get; init; }

    public DateTime Wall { get; init; }

    public DateOnly Day { get; init; }

    public TimeOnly Hour { get; init; }

    public TimeSpan Span { get; init; }

    public DayOfWeek Weekday { get; init; }

    public required byte[] Bytes { get; init; }

    public required IReadOnlyList<string> Texts { get; init; }

    public required IReadOnlyDictionary<string, decimal> Prices { get; init; }

    public EveryKind? Inner { get; init; }
}
