using System.Globalization;
using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Generating;

/// <summary>
/// Cultures that write numbers, dates and years differently, made by hand: tests run without the system's culture data, where all real ones
/// look like the invariant culture and would prove nothing.
/// </summary>
internal static class Cultures
{
    /// <summary>As tr-TR.</summary>
    public static CultureInfo Turkish { get; } = Create(",", ".", "-", "dd.MM.yyyy", null);

    /// <summary>As ar-SA: other separators, a minus of two characters, other digits, the years since the Hijra.</summary>
    public static CultureInfo Arabic { get; } = Create("\u066B", "\u066C", "\u061C-", "dd/MM/yyyy", new HijriCalendar(), '\u0660');

    /// <summary>As fa-IR.</summary>
    public static CultureInfo Persian { get; } = Create("\u066B", "\u066C", "\u200E\u2212", "yyyy/MM/dd", new PersianCalendar(), '\u06F0');

    /// <summary>As de-CH.</summary>
    public static CultureInfo Swiss { get; } = Create(".", "\u2019", "\u2212", "dd.MM.yyyy", null);

    /// <summary>As th-TH: 543 years ahead.</summary>
    public static CultureInfo Thai { get; } = Create(".", ",", "-", "d/M/yyyy", new ThaiBuddhistCalendar());

    /// <summary>As no culture of this world: every sign is another one's.</summary>
    public static CultureInfo Hostile { get; } = Create("-", "1", "+", "ss:mm", new HebrewCalendar(), 'a');

    private static readonly Dictionary<string, CultureInfo> _all = new(StringComparer.Ordinal)
    {
        ["invariant"] = CultureInfo.InvariantCulture,
        ["tr-TR"] = Turkish,
        ["ar-SA"] = Arabic,
        ["fa-IR"] = Persian,
        ["de-CH"] = Swiss,
        ["th-TH"] = Thai,
        ["hostile"] = Hostile,
    };

    /// <summary>What the cultures are called.</summary>
    public static Gen<string> Names { get; } = Gen.Elements(_all.Keys.ToArray());

    public static CultureInfo Named(string name) => _all[name];

    private static CultureInfo Create(string decimals, string groups, string minus, string date, Calendar? calendar, char zero = '0')
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var numbers = culture.NumberFormat;
        (numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator, numbers.NegativeSign) = (decimals, groups, minus);
        (numbers.PositiveSign, numbers.PercentSymbol, numbers.NaNSymbol, numbers.PositiveInfinitySymbol) = ("plus", "percent", "none", "endless");
        if (zero is '\u0660' or '\u06F0')
            (numbers.NativeDigits, numbers.DigitSubstitution) = ([.. Enumerable.Range(0, 10).Select(digit => ((char)(zero + digit)).ToString())], DigitShapes.NativeNational);
        var dates = culture.DateTimeFormat;
        (dates.ShortDatePattern, dates.LongTimePattern, dates.TimeSeparator, dates.DateSeparator) = (date, "HH'mm'ss", "'", "|");
        (dates.AMDesignator, dates.PMDesignator) = ("before", "after");
        if (calendar is not null)
            CalendarOf(dates) = calendar;
        return culture;
    }

    // A culture refuses calendars that its data does not list, and there is no data.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "calendar")]
    private static extern ref Calendar CalendarOf(DateTimeFormatInfo dates);
}
