namespace Carillon.InMemory;

/// <summary>A message that waits in a partition.</summary>
/// <param name="Envelope">The message.</param>
/// <param name="Position">Where it stands in the order of the partition.</param>
/// <param name="Size">How many bytes it counts for.</param>
/// <param name="EarlierDeliveries">How often it was handed over before.</param>
internal readonly record struct QueuedMessage(Envelope Envelope, long Position, long Size, int EarlierDeliveries);
