namespace Carillon.Retrying;

/// <summary>The pauses between attempts: doubling, capped, and shortened at random.</summary>
internal sealed class Backoff(RetryOptions options, Random random)
{
    /// <summary>The pause after the given number of attempts in a row, from 1.</summary>
    public TimeSpan AfterAttempt(int attempt) =>
        Shorten(Double(options.ImmediateDelay, attempt - 1, TimeSpan.FromMinutes(1)));

    /// <summary>The pause after the given number of rounds, from 1.</summary>
    public TimeSpan AfterRound(int round) =>
        Shorten(Double(options.FirstDelay, round - 1, options.MaxDelay));

    /// <summary>The longest pause between rounds.</summary>
    public TimeSpan Longest => options.MaxDelay;

    private static TimeSpan Double(TimeSpan first, int times, TimeSpan most)
    {
        var ticks = first.Ticks * Math.Pow(2, Math.Min(times, 60));
        return ticks >= most.Ticks ? most : TimeSpan.FromTicks((long)ticks);
    }

    private TimeSpan Shorten(TimeSpan pause) => pause * (1 - (options.Jitter * random.NextDouble()));
}
