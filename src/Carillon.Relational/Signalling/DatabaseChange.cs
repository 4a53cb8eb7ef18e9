namespace Carillon.Relational;

/// <summary>What a commit changed, as far as others wait for it.</summary>
[Flags]
internal enum DatabaseChange
{
    None = 0,

    /// <summary>Messages were appended.</summary>
    Messages = 1,

    /// <summary>Something was parked, became free or is due at another time.</summary>
    Parking = 2,

    /// <summary>Instances of a subscription came or went, or a partition became free.</summary>
    Leases = 4,

    /// <summary>Another process changed something.</summary>
    Any = Messages | Parking | Leases,
}
