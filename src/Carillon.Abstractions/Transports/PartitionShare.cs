namespace Carillon.Transports;

/// <summary>What one instance is to do, in places of the list of partitions that was given.</summary>
/// <param name="Take">Free partitions that it takes.</param>
/// <param name="GiveBack">Partitions of its own that it gives back, once nothing of them is being handled.</param>
/// <param name="StandsBy">Whether it reads nothing for now, because another instance can do all that it can and more that is needed.</param>
public sealed record PartitionShare(IReadOnlyList<int> Take, IReadOnlyList<int> GiveBack, bool StandsBy);
