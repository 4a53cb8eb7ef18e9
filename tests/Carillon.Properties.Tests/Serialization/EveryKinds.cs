using Carillon.Properties.Tests.Generating;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Serialization;

/// <summary>Messages with any values.</summary>
internal static class EveryKinds
{
    public static Gen<EveryKind> Any { get; } =
        from outer in One()
        from inner in Gen.Frequency((2, Gen.Constant<EveryKind?>(null)), (1, One().Select(message => (EveryKind?)message)))
        select outer with { Inner = inner };

    private static Gen<EveryKind> One() =>
        from numbers in (from number in Numbers.Int32 from large in Numbers.Int64 from money in Numbers.Decimal select (number, large, money))
        from rough in (from one in Numbers.Finite from other in Numbers.Finite from isThere in Gen.Elements(true, false) select (one, other, isThere))
        from texts in (from text in Texts.Valid from note in Texts.ValidOrNull from many in Texts.Valid.ArrayOf().Resize(5) select (text, note, many))
        from times in (from at in Times.Any from wall in Times.Utc from span in Times.Ticks(TimeSpan.MinValue.Ticks, -1) select (at, wall, span))
        from bytes in Gen.Choose(0, 255).Select(number => (byte)number).ArrayOf()
        from prices in Numbers.Decimal.ArrayOf().Resize(4)
        select new EveryKind
        {
            Flag = numbers.number > 0,
            Small = (byte)numbers.number,
            Number = numbers.number,
            Large = numbers.large,
            Positive = (ulong)numbers.large,
            Money = numbers.money,
            Rough = rough.one,
            Rougher = float.IsFinite((float)rough.one) ? (float)rough.one : 1.5f,
            Roughest = Half.IsFinite((Half)rough.other) ? (Half)rough.other : Half.Epsilon,
            Maybe = rough.isThere ? rough.other : null,
            Text = texts.text,
            Note = texts.note,
            Uuid = new Guid(numbers.number, 1, 2, [.. BitConverter.GetBytes(numbers.large)]),
            At = times.at,
            Wall = times.wall.UtcDateTime,
            Day = DateOnly.FromDateTime(times.wall.UtcDateTime),
            Hour = TimeOnly.FromDateTime(times.wall.UtcDateTime),
            Span = numbers.number > 0 ? TimeSpan.FromTicks(-(times.span + 1)) : TimeSpan.FromTicks(times.span),
            Weekday = (DayOfWeek)numbers.number,
            Bytes = bytes,
            Texts = texts.many,
            Prices = prices.Index().ToDictionary(price => $"{texts.text}{price.Index}", price => price.Item),
        };
}
