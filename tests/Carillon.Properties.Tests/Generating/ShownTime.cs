namespace Carillon.Properties.Tests.Generating;

/// <summary>
/// A clock that shows what it is told, within what a clock can show. Timers are real, so that pauses in the background do not wait for a test to move the clock; what passes between two timestamps is what the test says,
/// whatever the clock was set to.
/// </summary>
internal sealed class ShownTime(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;
    private long _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _passed;

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan by)
    {
        _passed += by.Ticks;
        Jump(by.Ticks);
    }

    /// <summary>Somebody sets the clock.</summary>

    public void Jump(long ticks) =>
        _now = new DateTimeOffset(Math.Clamp(_now.UtcTicks + ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
}
