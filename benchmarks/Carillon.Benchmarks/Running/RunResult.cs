namespace Carillon.Benchmarks;

/// <summary>What one run gave.</summary>
/// <param name="Events">How many events were published; each is handled once in every subscription.</param>
/// <param name="Elapsed">From the first publish to the last handler.</param>
/// <param name="Bytes">How many bytes were allocated meanwhile.</param>
/// <param name="P50">Half of the events took no longer from publish to handler (or, for a bare store, to being stored).</param>
/// <param name="P99">99 in 100 took no longer.</param>
public sealed record RunResult(long Events, TimeSpan Elapsed, long Bytes, TimeSpan P50, TimeSpan P99)
{
    public double PerSecond => Events / Elapsed.TotalSeconds;

    public double BytesPerEvent => Bytes / (double)Events;
}
