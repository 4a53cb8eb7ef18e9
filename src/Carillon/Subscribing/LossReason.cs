namespace Carillon.Subscribing;

/// <summary>Why a message was lost that is handled at most once.</summary>
internal enum LossReason
{
    /// <summary>Its handler failed, took too long, or something around it failed.</summary>
    Failed,

    /// <summary>Its time was over before it was handled.</summary>
    Expired,

    /// <summary>It breaks the limits, or is not what its type says.</summary>
    Unreadable,

    /// <summary>No handler is for it.</summary>
    Unhandled,

    /// <summary>The process stopped, or its partition went away, before its handler had ended.</summary>
    Stopped,
}
