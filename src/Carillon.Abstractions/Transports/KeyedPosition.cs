namespace Carillon.Transports;

/// <summary>What a receiver that acknowledges positions remembers of a message.</summary>
/// <param name="Position">Where it stands in its partition.</param>
/// <param name="Key">Its key, or null.</param>
/// <param name="Bytes">About how much memory it takes; the same whenever it is asked for.</param>
public readonly record struct KeyedPosition(long Position, string? Key, long Bytes);
