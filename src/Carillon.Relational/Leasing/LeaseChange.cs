namespace Carillon.Relational;

/// <summary>What changed about an instance's leases.</summary>
internal enum LeaseChangeKind
{
    /// <summary>They are this instance's now.</summary>
    Gained,

    /// <summary>They are another instance's already.</summary>
    Lost,

    /// <summary>They are to be given to another instance.</summary>
    Revoked,
}

/// <summary>A change that the receiver has to act on.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Leases">To which leases.</param>
internal sealed record LeaseChange(LeaseChangeKind Kind, IReadOnlyList<Lease> Leases);
