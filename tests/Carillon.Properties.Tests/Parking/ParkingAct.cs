namespace Carillon.Properties.Tests.Parking;

internal enum ParkingAct
{
    /// <summary>Messages are set aside, for later or as dead letters.</summary>
    Park,

    Claim,

    /// <summary>A claimed message failed again: it is tried later, or given up.</summary>
    Update,

    /// <summary>A claimed message was handled.</summary>
    Complete,

    Replay,

    Discard,

    /// <summary>Time goes on: messages become due, leases run out.</summary>
    Wait,

    /// <summary>A process ends and another one takes its place, which knows nothing of its claims.</summary>
    Restart,
}
