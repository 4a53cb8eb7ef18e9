namespace Carillon.KillTests;

/// <summary>What a line of a history says.</summary>
internal enum HistoryStep
{
    /// <summary>A message is about to be published.</summary>
    Intent = 0,

    /// <summary>It was published: from now on it must not be lost.</summary>
    Acknowledged = 1,

    /// <summary>A process is about to be killed.</summary>
    Killed = 2,

    /// <summary>The server of the transport is about to be killed.</summary>
    ServerKilled = 3,

    /// <summary>A process is about to stand still.</summary>
    Halted = 4,

    /// <summary>A message is about to be published in something that will be rolled back: it must never happen.</summary>
    Discarded = 5,
}
