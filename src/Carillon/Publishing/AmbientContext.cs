namespace Carillon.Publishing;

/// <summary>The message that the calling code is handling: where correlation and causation come from.</summary>
internal static class AmbientContext
{
    private static readonly AsyncLocal<AmbientHolder?> _holder = new();

    /// <summary>The message being handled, or null outside a handler.</summary>
    public static EventContext? Current => _holder.Value?.Context;

    /// <summary>Makes the holder's content the current message for the calling flow and everything that it starts.</summary>
    public static void Enter(AmbientHolder holder) => _holder.Value = holder;
}
