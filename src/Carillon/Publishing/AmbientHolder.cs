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
}
