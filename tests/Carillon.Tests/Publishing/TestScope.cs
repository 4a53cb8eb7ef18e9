using Carillon.Durability;
using Carillon.Publishing;

namespace Carillon.Tests.Publishing;

/// <summary>What code is part of while a message is handled, as far as publishing looks at it.</summary>
internal sealed record TestScope(MessageCause? Cause) : IAmbientScope
{
    public string? Service => null;

    public IEventBus? Bus => null;

    public OutgoingMessages? UnitOfWork => null;
}
