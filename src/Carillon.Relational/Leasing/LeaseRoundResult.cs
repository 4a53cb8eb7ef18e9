namespace Carillon.Relational;

/// <summary>What a round changed for the instance.</summary>
/// <param name="Gained">Leases that it has now.</param>
/// <param name="Lost">Leases that it had before and that belong to others now.</param>
/// <param name="Surplus">Partitions that it should give to others when it has finished with them.</param>
/// <param name="Generation">The subscription's generation after the round.</param>
internal sealed record LeaseRoundResult(IReadOnlyList<Lease> Gained, IReadOnlyList<Lease> Lost, IReadOnlyList<int> Surplus, long Generation);
