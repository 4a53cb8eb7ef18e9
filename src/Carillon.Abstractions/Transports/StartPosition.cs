namespace Carillon.Transports;

/// <summary>Where a subscription begins that did not exist before. One that exists goes on where it was.</summary>
public enum StartPosition
{
    /// <summary>With the first message published after it was created. The default, and the only choice without history.</summary>
    End = 0,

    /// <summary>With the oldest message that the transport still has.</summary>
    Beginning = 1,
}
