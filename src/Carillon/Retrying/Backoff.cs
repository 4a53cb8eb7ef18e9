namespace Carillon.Retrying;

/// <summary>The pauses between attempts: doubling, capped, and shortened at random.</summary>
internal sealed class Backoff(RetryPolicy policy, Random random)
{
    /// <summary>The pause after the given number of attempts in a row, from 1.</summary>
    public TimeSpan AfterAttempt(int attempt, RetryPolicy? other = null) =>
        Shorten(Double((other ?? policy).ImmediateDelay, attempt - 1, TimeSpan.FromMinutes(1)), other ?? policy);

    /// <summary>The pause after the given number of rounds, from 1.</summary>
    public TimeSpan AfterRound(int round, RetryPolicy? other = null) =>
        Shorten(Double((other ?? policy).FirstDelay, round - 1, (other ?? policy).MaxDelay), other ?? policy);

    /// <summary>The longest pause between rounds.</summary>
    public TimeSpan Longest => policy.MaxDelay;

    private static TimeSpan Double(TimeSpan first, int times, TimeSpan most)
    {
        var ticks = first.Ticks * Math.Pow(2, Math.Min(times, 60));
        return ticks >= most.Ticks ? most : TimeSpan.FromTicks((long)ticks);
    }

    private TimeSpan Shorten(TimeSpan pause, RetryPolicy given) => pause * (1 - (given.Jitter * random.NextDouble()));
}
