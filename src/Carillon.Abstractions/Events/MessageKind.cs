namespace Carillon;

/// <summary>What a message is: it decides how many subscriptions may handle it.</summary>
public enum MessageKind : byte
{
    /// <summary>A fact for any number of subscriptions.</summary>
    Event = 0,

    /// <summary>A wish for exactly one subscription.</summary>
    Command = 1,
}
