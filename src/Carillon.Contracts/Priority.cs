namespace Carillon;

/// <summary>
/// How urgent a message is. A more urgent message overtakes waiting messages of <em>other</em> keys in the same subscription;
/// messages of one key never overtake each other.
/// </summary>
public enum Priority : byte
{
    /// <summary>After everything else.</summary>
    Low = 0,

    /// <summary>The default.</summary>
    Normal = 1,

    /// <summary>Before everything else.</summary>
    High = 2,
}
