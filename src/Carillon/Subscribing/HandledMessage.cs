namespace Carillon.Subscribing;

/// <summary>What a handler is called with.</summary>
/// <param name="Message">The message, or the first one of a batch; null for a handler of envelopes.</param>
/// <param name="Batch">The batch, when several messages are handled in one call.</param>
internal readonly record struct HandledMessage(object? Message, object? Batch = null);
