using Carillon.Durability;

namespace Carillon.Publishing;

/// <summary>A unit of work within what its code was part of before. Each has a holder of its own, so that no code that outlives it can join another.</summary>
/// <param name="around">What the code was part of before.</param>
internal sealed class AmbientHolder(IAmbientScope? around) : IAmbientScope
{
    public MessageCause? Cause => around?.Cause;

    public string? Service => around?.Service;

    public IEventBus? Bus => around?.Bus;

    public OutgoingMessages? UnitOfWork { get; set; }

    /// <summary>What the code was part of before.</summary>
    public IAmbientScope? Around => around;

    /// <summary>Whether it stands for nothing any more. The flow that entered it may never leave it, where another one ended it.</summary>
    public bool HasEnded { get; set; }

    /// <summary>What code is part of that has entered a scope: that of a holder which has ended is what was around it.</summary>
    public static IAmbientScope? Living(IAmbientScope? entered)
    {
        while (entered is AmbientHolder { HasEnded: true } ended)
            entered = ended.Around;
        return entered;
    }

}
