namespace Carillon.Testing.Network;

/// <summary>What a process asks of a server, as far as faults tell one request from another.</summary>
internal enum ServerOperation
{
    /// <summary>Something that changes nothing, or whose repetition changes nothing.</summary>
    Ask = 0,

    /// <summary>Messages are to be stored.</summary>
    Append = 1,

    /// <summary>Messages are fetched.</summary>
    Fetch = 2,

    /// <summary>A subscription's place in the log is written down.</summary>
    MoveCursor = 3,

    /// <summary>Partitions are taken, kept or given back.</summary>
    Lease = 4,

    /// <summary>A transaction is worked in.</summary>
    Work = 5,

    /// <summary>A transaction is committed.</summary>
    Commit = 6,

    /// <summary>Parked or scheduled messages are changed.</summary>
    Park = 7,

    /// <summary>A message is set aside.</summary>
    SetAside = 8,
}
