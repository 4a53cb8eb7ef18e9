using Carillon.Durability;

namespace Carillon.Publishing;

/// <summary>What the calling code is part of: where correlation and causation come from, and which unit of work a message joins.</summary>
internal static class AmbientContext
{
    private static readonly AsyncLocal<IAmbientScope?> _entered = new();

    /// <summary>What the calling flow has entered, to go back to; null outside of handlers and units of work.</summary>
    public static IAmbientScope? Entered => _entered.Value;

    /// <summary>The unit of work, or null when there is none.</summary>
    public static OutgoingMessages? UnitOfWork => _entered.Value?.UnitOfWork;

    /// <summary>Makes a scope the current one for the calling flow and everything that it starts.</summary>
    public static void Enter(IAmbientScope? scope) => _entered.Value = scope;
}
