using Carillon.Durability;

namespace Carillon.Publishing;

/// <summary>
/// Holds what the calling code is part of: the message that is being handled, and the unit of work. A lane enters its holder once and then
/// changes what is in it, so that no message pays for a new execution context; a unit of work has a holder of its own, so that no code
/// that outlives it can join another.
/// </summary>
internal sealed class AmbientHolder
{
    public EventContext? Context { get; set; }

    public OutgoingMessages? UnitOfWork { get; set; }
}
