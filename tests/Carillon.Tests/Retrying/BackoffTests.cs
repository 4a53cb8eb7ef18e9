using Carillon.Retrying;

namespace Carillon.Tests.Retrying;

public sealed class BackoffTests
{
    [Fact]
    public void AfterRound_ShouldDoubleUpToTheLongestPause_WhenThereIsNoJitter()
    {
        var backoff = new Backoff(new RetryOptions { FirstDelay = TimeSpan.FromSeconds(5), MaxDelay = TimeSpan.FromMinutes(1), Jitter = 0 }, new Random(1));

        Assert.Equal([5, 10, 20, 40, 60, 60], Enumerable.Range(1, 6).Select(round => backoff.AfterRound(round).TotalSeconds));
        Assert.Equal(60, backoff.AfterRound(100_000).TotalSeconds);
    }

    [Fact]
    public void AfterRound_ShouldStayWithinTheJitter_WhenChanceIsInvolved()
    {
        var backoff = new Backoff(new RetryOptions { FirstDelay = TimeSpan.FromSeconds(10), Jitter = 0.2 }, new Random(1));

        var pauses = Enumerable.Range(0, 1_000).Select(_ => backoff.AfterRound(1).TotalSeconds).ToArray();

        Assert.All(pauses, pause => Assert.InRange(pause, 8, 10));
        Assert.True(pauses.Distinct().Count() > 900);
    }

    [Fact]
    public void AfterAttempt_ShouldDoubleFromTheImmediateDelayUpToAMinute_WhenThereIsNoJitter()
    {
        var backoff = new Backoff(new RetryOptions { ImmediateDelay = TimeSpan.FromSeconds(20), Jitter = 0 }, new Random(1));

        Assert.Equal([20, 40, 60, 60], Enumerable.Range(1, 4).Select(attempt => backoff.AfterAttempt(attempt).TotalSeconds));
    }

    [Fact]
    public void AfterAttempt_ShouldBeNothing_WhenNoPauseIsWanted() =>
        Assert.Equal(TimeSpan.Zero, new Backoff(new RetryOptions { ImmediateDelay = TimeSpan.Zero }, new Random(1)).AfterAttempt(3));
}
