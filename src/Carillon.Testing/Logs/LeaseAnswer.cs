using Carillon.Transports;

namespace Carillon.Testing.Logs;

/// <summary>What an instance owns of a subscription.</summary>
/// <param name="Owned">The leases that the instance has now, each with the subscription's cursor.</param>
/// <param name="Surplus">Those of them that it is to give to others as soon as it has finished with them.</param>
/// <param name="Generation">Grows whenever others may have to look after their leases.</param>
internal sealed record LeaseAnswer(IReadOnlyList<LeasedPlace> Owned, IReadOnlyList<int> Surplus, long Generation)
{
    /// <summary>What the other living instances can handle.</summary>
    public IReadOnlyList<HandledMessages> Others { get; init; } = [];

    /// <summary>What those could handle that are gone, and whose return is waited for.</summary>
    public IReadOnlyList<HandledMessages> Gone { get; init; } = [];

    /// <summary>Of which types and topics messages were met while an instance lived that does not handle them.</summary>
    public IReadOnlyCollection<RoutedType> Met { get; init; } = [];
}
