namespace Carillon.Testing.Logs;

/// <summary>A message that the log has.</summary>
/// <param name="Position">Where it stands in the order of commits over all partitions, from 1.</param>
/// <param name="Partition">The partition of its key.</param>
/// <param name="RecordedAt">When it was stored, by the server's clock.</param>
/// <param name="Envelope">The message.</param>
internal sealed record CommittedMessage(long Position, int Partition, DateTimeOffset RecordedAt, Envelope Envelope);
