namespace Carillon.Transports;

/// <summary>A message that a receiver has read past and is to read again by its position.</summary>
/// <param name="Message">The message, which has a key.</param>
/// <param name="EarlierDeliveries">How often it was handed over before.</param>
public readonly record struct LeftMessage(KeyedPosition Message, int EarlierDeliveries);
