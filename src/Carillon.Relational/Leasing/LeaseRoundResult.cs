using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>What a round changed for the instance.</summary>
/// <param name="Gained">Leases that it has now.</param>
/// <param name="Lost">Leases that it had before and that belong to others now.</param>
/// <param name="ToRevoke">Partitions that it should give to others when it has finished with them.</param>
/// <param name="Generation">The subscription's generation after the round.</param>
internal sealed record LeaseRoundResult(IReadOnlyList<Lease> Gained, IReadOnlyList<Lease> Lost, IReadOnlyList<int> ToRevoke, long Generation)
{
    /// <summary>The other living instances.</summary>
    public IReadOnlyList<StoredInstance> Others { get; init; } = [];

    /// <summary>What those could handle that are gone since a moment ago.</summary>
    public IReadOnlyList<HandledMessages> Gone { get; init; } = [];

    /// <summary>Of which types and topics messages were met while an instance ran that does not handle them.</summary>
    public IReadOnlyCollection<RoutedType> Met { get; init; } = [];

    /// <summary>Whether the instance reads nothing for now, because another can do all that it can and more that is needed.</summary>
    public bool StandsBy { get; init; }
}
