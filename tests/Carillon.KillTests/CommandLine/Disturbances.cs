namespace Carillon.KillTests;

/// <summary>What goes on in a run beside the kills: the days on which software is used.</summary>
[Flags]
internal enum Disturbances
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Versions of the services come and go, one place after another, and stay side by side for as long as they happen to.</summary>
    Deploy = 1,

    /// <summary>Handlers never come back, and some of them do not heed their cancellation.</summary>
    Hang = 2,

    /// <summary>Processes stand still for longer than their leases last, also between two steps of the protocol, and go on.</summary>
    Pause = 4,

    /// <summary>The database, or what the handlers need, is away for some time.</summary>
    Outage = 8,
}
