namespace Carillon.Transports;

/// <summary>A message that a receiver has read past and is to read later.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Position">Where it stands in its partition.</param>
/// <param name="EarlierDeliveries">How often it was handed over before.</param>
public readonly record struct LeftMessage(string Key, long Position, int EarlierDeliveries);
