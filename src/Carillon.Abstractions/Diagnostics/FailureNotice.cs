using System.Globalization;

namespace Carillon.Diagnostics;

/// <summary>What is to be said of a failure that recurs.</summary>
/// <param name="Error">What it failed with the last time.</param>
/// <param name="Count">How often it has failed since it began.</param>
/// <param name="Unsaid">How many of these were not said since it was last spoken of.</param>
/// <param name="Lasted">How long it has not worked.</param>
internal sealed record FailureNotice(Exception Error, long Count, long Unsaid, TimeSpan Lasted)
{
    /// <summary>How long and how often, as the end of what failed: nothing for the first failure, otherwise such as <c>, for 16 s, 5 times</c>.</summary>
    public LogText While => Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", for {DurationText.Rough(Lasted)}, {Count} times");

    /// <summary>The same, of what is over: <c>one failure</c>, or such as <c>16 s and 5 failures</c>.</summary>
    public LogText Over => Count == 1 ? "one failure" : string.Create(CultureInfo.InvariantCulture, $"{DurationText.Rough(Lasted)} and {Count} failures");
}
