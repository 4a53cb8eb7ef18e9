namespace Carillon.Testing;

/// <summary>What may go wrong in a simulation. Each seed draws which kinds happen in it, so that each is tried alone and together with others.</summary>
[Flags]
public enum FaultKinds
{
    /// <summary>Nothing goes wrong; only the order of events is chance.</summary>
    None = 0,

    /// <summary>A process is killed between any two steps of its code, and started again.</summary>
    Crash = 1,

    /// <summary>A process stands still for longer than its leases last, and then goes on as if nothing had been.</summary>
    Pause = 2,

    /// <summary>A server is killed with all open transactions and connections, and started again with what was committed.</summary>
    ServerCrash = 4,

    /// <summary>The way between a process and a server is cut for a while.</summary>
    Partition = 8,

    /// <summary>Fetched messages do not arrive.</summary>
    LostDelivery = 16,

    /// <summary>Messages are delivered again that were acknowledged.</summary>
    DuplicateDelivery = 32,

    /// <summary>Messages of different keys overtake each other.</summary>
    ReorderedDelivery = 64,

    /// <summary>Requests and answers take long; a request may arrive after its sender has given it up.</summary>
    DelayedDelivery = 128,

    /// <summary>Messages are stored and the sender is not told so.</summary>
    LostConfirmation = 256,

    /// <summary>The connection dies while a transaction is committed.</summary>
    UnknownCommit = 512,

    /// <summary>A partition is taken away from an instance that still works on it.</summary>
    LeaseExpiry = 1024,

    /// <summary>A store answers a hundred times more slowly for a while.</summary>
    SlowStore = 2048,

    /// <summary>The clocks of processes and servers show different times, and jump.</summary>
    ClockSkew = 4096,

    /// <summary>A process is stopped cleanly in the middle of its work, with little or much time to finish, and started again.</summary>
    Restart = 8192,

    /// <summary>All of them.</summary>
    All = 16383,
}
