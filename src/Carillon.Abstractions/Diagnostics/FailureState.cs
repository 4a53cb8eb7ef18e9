namespace Carillon.Diagnostics;

/// <summary>What fails just now.</summary>
/// <param name="Since">Since when it has not worked.</param>
/// <param name="LastAt">When it was tried the last time.</param>
/// <param name="Count">How often it has failed.</param>
/// <param name="Error">What it failed with the last time.</param>
internal sealed record FailureState(DateTimeOffset Since, DateTimeOffset LastAt, long Count, Exception Error);
