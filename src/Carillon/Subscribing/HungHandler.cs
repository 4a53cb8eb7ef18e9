namespace Carillon.Subscribing;

/// <summary>A handler that goes on although its time is over and it was cancelled.</summary>
/// <param name="Handler">The handler.</param>
/// <param name="Message">The message that it handles.</param>
/// <param name="Since">When it began.</param>
internal sealed record HungHandler(string Handler, EventId Message, DateTimeOffset Since);
