namespace Carillon.Diagnostics;

/// <summary>What is to be said of a failure that recurs.</summary>
/// <param name="Error">What it failed with the last time.</param>
/// <param name="Count">How often it has failed since it began.</param>
/// <param name="Unsaid">How many of these were not said since it was last spoken of.</param>
/// <param name="Lasted">How long it has not worked.</param>
internal sealed record FailureNotice(Exception Error, long Count, long Unsaid, TimeSpan Lasted);
