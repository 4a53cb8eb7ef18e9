namespace Carillon.Relational;

/// <summary>Times in tables that are compared there: units of 100 nanoseconds since 1970, UTC. Divide by 10,000,000 for Unix seconds.</summary>
internal static class StoredTime
{
    public static long From(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    /// <summary>The time again; the nearest possible one for a number that is none.</summary>
    public static DateTimeOffset To(long stored)
    {
        var ticks = Int128.Clamp((Int128)stored + DateTimeOffset.UnixEpoch.Ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks);
        return new DateTimeOffset((long)ticks, TimeSpan.Zero);
    }
}
