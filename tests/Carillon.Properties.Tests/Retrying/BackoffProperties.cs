using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Retrying;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Retrying;

public sealed class BackoffProperties
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>Options as they pass validation.</summary>
    private static readonly Gen<RetryOptions> _options =
        from immediate in Times.Ticks(0, TimeSpan.TicksPerMinute)
        from first in Times.Ticks(TimeSpan.TicksPerMillisecond, Month.Ticks)
        from most in Times.Ticks(first, Month.Ticks)
        from jitter in Gen.Choose(0, 100)
        select new RetryOptions
        {
            ImmediateDelay = TimeSpan.FromTicks(immediate),
            FirstDelay = TimeSpan.FromTicks(first),
            MaxDelay = TimeSpan.FromTicks(most),
            Jitter = jitter / 100.0,
        };

    [Fact]
    public void AfterRound_ShouldStayBetweenTheShortenedAndTheWholePause_WhenRoundIsAny() => Always.Holds(
        from options in _options from round in Gen.OneOf(Gen.Choose(1, 40), Gen.Choose(1, int.MaxValue)) from seed in Gen.Choose(0, int.MaxValue) select (options, round, seed),
        given =>
        {
            given.options.Validate("Retry");
            var backoff = new Backoff(given.options, new System.Random(given.seed));

            AssertWithin(Doubled(given.options.FirstDelay, given.round, given.options.MaxDelay), given.options.Jitter, backoff.AfterRound(given.round));
            AssertWithin(Doubled(given.options.ImmediateDelay, given.round, TimeSpan.FromMinutes(1)), given.options.Jitter, backoff.AfterAttempt(given.round));
        });

    private static void AssertWithin(TimeSpan whole, double jitter, TimeSpan pause)
    {
        // A tick is lost in the arithmetic of fractions.
        var shortest = whole.Ticks - (long)(whole.Ticks * jitter) - 1;
        Assert.InRange(pause.Ticks, Math.Max(0, shortest), whole.Ticks);
    }

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan most)
    {
        var pause = new UInt128(0, (ulong)first.Ticks);
        for (var time = 1; time < times && pause > 0 && pause < (ulong)most.Ticks; time++)
            pause *= 2;
        return pause < (ulong)most.Ticks ? TimeSpan.FromTicks((long)pause) : most;
    }
}
