namespace Carillon.Publishing;

/// <summary>The message because of which another one is published.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CorrelationId">The conversation that both belong to; empty when the message does not say.</param>
internal readonly record struct MessageCause(EventId Id, EventId CorrelationId);
