namespace Carillon.Properties.Tests.Subscribing;

internal enum LaneAct
{
    Add,

    /// <summary>A worker does what is next for it: looks for a lane, takes its first delivery, gives it back.</summary>
    Go,

    TakeMore,

    Revoke,

    Close,
}
