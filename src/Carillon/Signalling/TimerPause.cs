namespace Carillon.Signalling;

/// <summary>
/// Timers count whole milliseconds and cut off the rest. Who waits for what is left of a time, and looks again, would so wait for nothing at the end and look
/// again and again.
/// </summary>
internal static class TimerPause
{
    /// <summary>What is left of a time, rounded up to what a timer can wait for.</summary>
    public static TimeSpan Of(TimeSpan left) =>
        left.Ticks % TimeSpan.TicksPerMillisecond > 0 ? new TimeSpan((left.Ticks / TimeSpan.TicksPerMillisecond + 1) * TimeSpan.TicksPerMillisecond) : left;
}
