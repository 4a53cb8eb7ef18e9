namespace Carillon.Testing.Stores;

/// <summary>
/// Tells the database's time from that of a process: a message is due after a while, and how long that is does not depend on whose clock is
/// wrong.
/// </summary>
internal static class StoreTime
{
    /// <summary>A time of one clock as another one shows it.</summary>
    /// <param name="at">The time.</param>
    /// <param name="here">What the clock shows now that the time is from.</param>
    /// <param name="there">What the other clock shows now.</param>
    public static DateTimeOffset Translate(DateTimeOffset at, DateTimeOffset here, DateTimeOffset there)
    {
        var ticks = at.UtcTicks + (there.UtcTicks - here.UtcTicks);
        return new DateTimeOffset(Math.Clamp(ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }
}
