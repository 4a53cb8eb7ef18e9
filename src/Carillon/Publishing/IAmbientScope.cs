using Carillon.Durability;

namespace Carillon.Publishing;

/// <summary>What code is part of: a run of handlers, or a unit of work. Code that outlives it still belongs to it, and to nothing else.</summary>
internal interface IAmbientScope
{
    /// <summary>The message that is or was being handled; null outside of handlers.</summary>
    MessageCause? Cause { get; }

    /// <summary>The service whose handler the code runs in; null outside of handlers.</summary>
    string? Service { get; }

    /// <summary>The bus of that service.</summary>
    IEventBus? Bus { get; }

    /// <summary>The unit of work that messages join; null when there is none.</summary>
    OutgoingMessages? UnitOfWork { get; }
}
