using System.Text.Json;

namespace Carillon.Benchmarks;

/// <summary>Makes events: a thousand keys, the lines shared, so that only the event itself is allocated.</summary>
public static class SampleEvents
{
    private const int Keys = 1000;
    private static readonly string[] Orders = [.. Enumerable.Range(0, Keys).Select(i => $"order-{i:00000}")];
    private static readonly OrderLine[] Lines = [new("PROD-001", 1, 999.00m), new("PROD-002", 2, 2499.00m), new("PROD-003", 3, 249.00m)];

    /// <summary>How many bytes of JSON an event is.</summary>
    public static int Size { get; } = JsonSerializer.SerializeToUtf8Bytes(Create(0), EventJson.Default.OrderCreated).Length;

    public static OrderCreated Create(long number) =>
        new(Orders[number % Keys], "user-000042", Lines, 6744.00m, DateTimeOffset.UtcNow);
}
