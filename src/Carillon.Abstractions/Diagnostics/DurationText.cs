using System.Globalization;

namespace Carillon.Diagnostics;

/// <summary>Durations as people write them.</summary>
internal static class DurationText
{
    private static readonly (string Name, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>A duration in the form in which a setting may hold it, such as <c>250ms</c> or <c>90s</c>: the largest unit of which it is a whole number.</summary>
    public static string Exact(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        foreach (var (name, ticks) in Units)
        {
            if (duration.Ticks % ticks == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{name}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.####}ms");
    }

    /// <summary>The value of a setting, as it may be written there: durations in their own form, everything else as it is.</summary>
    public static object OfSetting<T>(T value)
        where T : notnull => value is TimeSpan duration ? Exact(duration) : value;

    /// <summary>A duration that was measured, to the unit that tells people enough: <c>250 ms</c>, <c>16 s</c>, <c>5 min</c>, <c>3 h</c>, <c>2 d</c>.</summary>
    public static string Rough(TimeSpan duration) => FormattableString.Invariant(duration switch
    {
        { TotalSeconds: < 1 } => (FormattableString)$"{Math.Max(0, duration.TotalMilliseconds):0} ms",
        { TotalSeconds: < 120 } => $"{Math.Floor(duration.TotalSeconds):0} s",
        { TotalMinutes: < 120 } => $"{Math.Floor(duration.TotalMinutes):0} min",
        { TotalHours: < 48 } => $"{Math.Floor(duration.TotalHours):0} h",
        _ => $"{Math.Floor(duration.TotalDays):0} d",
    });
}
