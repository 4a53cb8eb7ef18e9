using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Generating;

/// <summary>Times and durations: ordinary ones and the edges.</summary>
internal static class Times
{
    private const int MaxOffsetMinutes = 14 * 60;

    private static readonly DateTimeOffset[] _edges =
    [
        DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(-1), new(2000, 2, 29, 23, 59, 59, 999, TimeSpan.Zero),
        new(1, 1, 1, 14, 0, 0, TimeSpan.FromHours(14)), new(9999, 12, 31, 9, 59, 59, TimeSpan.FromHours(-14)), new(2026, 3, 29, 2, 30, 0, TimeSpan.FromHours(1)),
    ];

    /// <summary>Any whole number of ticks from one to another.</summary>
    public static Gen<long> Ticks(long least, long most) =>
        from high in Gen.Choose(0, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        select least + (long)(UInt128.Min((((UInt128)(uint)high << 31) | (uint)low) * ((UInt128)(most - least) + 1) >> 62, (UInt128)(most - least)));

    /// <summary>A time in UTC.</summary>
    public static Gen<DateTimeOffset> Utc { get; } = Ticks(0, DateTimeOffset.MaxValue.Ticks).Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    /// <summary>A time anywhere on earth.</summary>
    public static Gen<DateTimeOffset> Any { get; } = Gen.Frequency((1, Gen.Elements(_edges)), (1, Utc), (3, Local()));

    private static Gen<DateTimeOffset> Local() =>
        from minutes in Gen.Choose(-MaxOffsetMinutes, MaxOffsetMinutes)
        let offset = TimeSpan.FromMinutes(minutes)
        from ticks in Ticks(TimeSpan.TicksPerDay, DateTimeOffset.MaxValue.Ticks - TimeSpan.TicksPerDay)
        select new DateTimeOffset(ticks, offset);
}
