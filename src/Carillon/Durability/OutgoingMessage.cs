namespace Carillon.Durability;

/// <summary>A message that waits for a commit.</summary>
/// <param name="Envelope">The message.</param>
/// <param name="Due">When it is to be published, or null for at once.</param>
internal sealed record OutgoingMessage(Envelope Envelope, DateTimeOffset? Due);
