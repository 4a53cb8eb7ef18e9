namespace Carillon.Subscribing;

/// <summary>What was done so far to handle a message that may have killed its process.</summary>
internal sealed class SuspectStart
{
    /// <summary>Whether it is not to be handled any more, because processes have died of it too often.</summary>
    public bool IsOneTooMany { get; set; }

    /// <summary>Whether it has the turn of those that are handled alone.</summary>
    public bool HasTurn { get; set; }

    /// <summary>Whether nothing more is to be done about it: its handler has ended, or it is a dead letter.</summary>
    public bool HasEnded { get; set; }
}
