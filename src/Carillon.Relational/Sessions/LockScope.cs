namespace Carillon.Relational;

/// <summary>What transactions exclude each other from.</summary>
internal enum LockScope
{
    /// <summary>The leases of a subscription.</summary>
    Leases = 1,

    /// <summary>The parked messages of a subscription.</summary>
    Parking = 2,

    /// <summary>The subscriptions and the commands that they own.</summary>
    Topology = 3,

    /// <summary>What is due.</summary>
    Schedule = 4,

    /// <summary>What is old.</summary>
    Retention = 5,
}
