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

    /// <summary>
    /// Versions of a service are rolled out and back, one process after the other, and stay side by side for as long as it happens. See
    /// <see cref="SimulationWorld.AddVersion"/>.
    /// </summary>
    Deployment = 1 << 14,

    /// <summary>Handlers fail with texts that a database may not be able to hold, and stores refuse them; in every other world a message that leads to one does so again and again.</summary>
    HostileText = 1 << 15,

    /// <summary>A handler does not come back for a long time; one in two does not heed its cancellation.</summary>
    HungHandler = 1 << 16,

    /// <summary>A server accepts requests and answers none for a while, and then goes on with all of them.</summary>
    HungServer = 1 << 17,

    /// <summary>Clocks of processes jump by up to forty minutes, forward and back, and those of servers by up to half a minute.</summary>
    ClockJump = 1 << 18,

    /// <summary>A message kills each process that handles it, until somebody looks at it as a dead letter.</summary>
    DeadlyMessage = 1 << 19,

    /// <summary>An operator replays whatever is a dead letter, at any moment.</summary>
    HastyOperator = 1 << 20,

    /// <summary>What the handlers of a service need is away for minutes, sometimes for an hour.</summary>
    Outage = 1 << 21,

    /// <summary>
    /// A process stands still for longer than its leases last, right before it sets a message aside. In every other world handlers also fail for good now and then, where another
    /// process succeeds.
    /// </summary>
    LateParking = 1 << 22,

    /// <summary>A partition of the transport takes no messages from senders for a while, and says so.</summary>
    Refusal = 1 << 23,

    /// <summary>All of them.</summary>
    All = (1 << 24) - 1,
}
