namespace Carillon.Benchmarks;

/// <summary>Counts events and remembers how long each took, without allocating while it runs.</summary>
public sealed class LatencyRecorder
{
    private const int Capacity = 1 << 22;
    private static readonly long[] Samples = new long[Capacity];
    private long _count;

    public long Count => Volatile.Read(ref _count);

    /// <summary>Notes an event that began at a time of the wall clock (precise to 100 ns here).</summary>
    public void Record(DateTimeOffset begun)
    {
        var index = Interlocked.Increment(ref _count) - 1;
        // Beyond the capacity, later samples replace earlier ones.
        Samples[index % Capacity] = (DateTimeOffset.UtcNow - begun).Ticks;
    }

    /// <summary>The time that a share of the events did not exceed.</summary>
    public TimeSpan Percentile(double share)
    {
        var taken = Samples.AsSpan(0, (int)Math.Min(Count, Capacity));
        if (taken.IsEmpty)
            return TimeSpan.Zero;
        taken.Sort();
        return TimeSpan.FromTicks(Math.Max(0, taken[(int)(share * (taken.Length - 1))]));
    }
}
