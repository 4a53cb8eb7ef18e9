namespace Carillon.Properties.Tests.Generating;

/// <summary>
/// A clock that shows what it is told, within what a clock can show. Timers and timestamps are real, so that pauses in the background do not
/// wait for a test to move the clock.
/// </summary>
internal sealed class ShownTime(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => Jump(by.Ticks);

    public void Jump(long ticks) =>
        _now = new DateTimeOffset(Math.Clamp(_now.UtcTicks + ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
}
