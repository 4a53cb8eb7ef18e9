namespace Carillon.Properties.Tests.Receiving;

internal enum LogAct
{
    Append,

    /// <summary>An instance looks after its leases: renews, takes, loses and gives away.</summary>
    Round,

    Read,

    Acknowledge,

    Return,

    /// <summary>An instance writes down up to where it has finished.</summary>
    WriteCursors,

    Wait,

    /// <summary>The clock is set, forward or back.</summary>
    SetClock,

    /// <summary>An instance is gone without a word, and another one begins in its place.</summary>
    Crash,

    /// <summary>An instance returns what it has, gives its partitions back and leaves; another one begins in its place.</summary>
    Stop,
}
