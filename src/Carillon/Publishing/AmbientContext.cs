using Carillon.Durability;

namespace Carillon.Publishing;

/// <summary>What the calling code is part of: where correlation and causation come from, and which unit of work a message joins.</summary>
internal static class AmbientContext
{
    private static readonly AsyncLocal<AmbientHolder?> _holder = new();

    /// <summary>The message being handled, or null outside a handler.</summary>
    public static EventContext? Current => _holder.Value?.Context;

    /// <summary>The unit of work, or null when there is none.</summary>
    public static OutgoingMessages? UnitOfWork => _holder.Value?.UnitOfWork;

    /// <summary>What the calling flow has entered, to go back to.</summary>
    public static AmbientHolder? Entered => _holder.Value;

    /// <summary>Makes the holder's content the current one for the calling flow and everything that it starts.</summary>
    public static void Enter(AmbientHolder? holder) => _holder.Value = holder;
}
