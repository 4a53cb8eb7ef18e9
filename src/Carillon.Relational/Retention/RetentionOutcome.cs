namespace Carillon.Relational;

/// <summary>What one round of retention did.</summary>
/// <param name="Removed">How many messages were removed.</param>
/// <param name="SizeBytes">How large the file's content is.</param>
/// <param name="BlockedBy">The subscription that keeps a too large file from shrinking, or null.</param>
internal readonly record struct RetentionOutcome(int Removed, long SizeBytes, string? BlockedBy);
