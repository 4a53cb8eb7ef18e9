namespace Carillon.Transports;

/// <summary>A message of the history.</summary>
/// <param name="Position">Where it stands: grows with every message.</param>
/// <param name="RecordedAt">When it was stored (CloudEvents extension <c>recordedtime</c>).</param>
/// <param name="Envelope">The message.</param>
public sealed record LoggedMessage(long Position, DateTimeOffset RecordedAt, Envelope Envelope);
