namespace Carillon.Transports;

/// <summary>What is left of the room of a sink.</summary>
/// <param name="Messages">For so many messages, 0 or more.</param>
/// <param name="Bytes">For so many bytes, 0 or more.</param>
public readonly record struct DeliveryRoom(int Messages, long Bytes)
{
    /// <summary>More room than anything needs.</summary>
    public static DeliveryRoom Unlimited { get; } = new(int.MaxValue, long.MaxValue);

    /// <summary>The room that is left when a message has taken some of it.</summary>
    /// <param name="bytes">The size of the message.</param>
    public DeliveryRoom After(long bytes) => new(Math.Max(0, Messages - 1), Math.Max(0, Bytes - bytes));
}
