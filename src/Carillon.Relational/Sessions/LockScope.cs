namespace Carillon.Relational;

/// <summary>What transactions exclude each other from.</summary>
internal enum LockScope
{
    /// <summary>The order of messages in a partition of a log: held from the append to the commit.</summary>
    Partition = 1,

    /// <summary>The leases of a subscription.</summary>
    Leases = 2,

    /// <summary>The parked messages of a subscription.</summary>
    Parking = 3,

    /// <summary>The subscriptions and the commands that they own.</summary>
    Topology = 4,

    /// <summary>What is due.</summary>
    Schedule = 5,
}
