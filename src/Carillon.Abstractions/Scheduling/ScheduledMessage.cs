namespace Carillon.Scheduling;

/// <summary>A message that is to be published later.</summary>
/// <param name="Envelope">The message.</param>
/// <param name="Due">When it is to be published; at once when that is over.</param>
public sealed record ScheduledMessage(Envelope Envelope, DateTimeOffset Due);
