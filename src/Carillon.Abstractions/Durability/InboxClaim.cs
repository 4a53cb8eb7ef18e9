namespace Carillon.Durability;

/// <summary>What the inbox says of a message.</summary>
public enum InboxClaim
{
    /// <summary>It has not been handled before, and is marked now.</summary>
    First = 0,

    /// <summary>It was handled before.</summary>
    Duplicate = 1,

    /// <summary>Another message with another body was handled under the same id.</summary>
    IdReused = 2,
}
