namespace Carillon.KillTests;

/// <summary>What the harness does wrong on purpose, to show that its checks bite.</summary>
internal enum Sabotage
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The handler finishes, and so settles its message, before its effect is written.</summary>
    SettleBeforeCommit = 1,

    /// <summary>Effects that are to happen exactly once are written beside the unit of work.</summary>
    WriteOutside = 2,

    /// <summary>The older generation of the service finishes what only the newer one handles.</summary>
    PassByWhatIsNew = 3,

    /// <summary>A message that has failed once is given up.</summary>
    GiveUpEarly = 4,

    /// <summary>Publishers that have a context publish beside its save.</summary>
    PublishOutside = 5,

    /// <summary>Handlers that are asked to stop finish everything, and their process stays.</summary>
    StayBehind = 6,
}
