namespace Carillon.Properties.Tests.Parking;

internal enum ParkingAct
{
    /// <summary>Messages are set aside, for later or as dead letters.</summary>
    Park,

    Claim,

    /// <summary>Some messages of a claimed run were handled, and the next one failed again: it is tried later, or given up.</summary>
    Fail,

    /// <summary>Messages of a claimed run were handled.</summary>
    Complete,

    /// <summary>A partition gets another owner: what the earlier one has in hand is the earlier one's no longer.</summary>
    TakeOver,

    Replay,

    Discard,

    /// <summary>Time goes on: messages become due.</summary>
    Wait,

    /// <summary>A process ends and another one takes its place, which knows nothing of its claims.</summary>
    Restart,
}
