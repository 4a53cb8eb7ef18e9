namespace Carillon.Parking;

/// <summary>A key that is held up because somebody has replayed a message of it.</summary>
/// <param name="Partition">The name of the partition.</param>
/// <param name="Key">The key.</param>
/// <param name="Number">The number of the replay, from 1, growing within the subscription.</param>
public readonly record struct ReplayedKey(string Partition, string Key, long Number);
