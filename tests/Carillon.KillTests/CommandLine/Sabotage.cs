namespace Carillon.KillTests;

/// <summary>What the harness does wrong on purpose, to show that its checks bite.</summary>
internal enum Sabotage
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The handler finishes, and so settles its message, before its effect is written.</summary>
    SettleBeforeCommit = 1,
}
