using System.Globalization;

namespace Carillon.Tests.Events;

/// <summary>
/// Cultures that write numbers and dates differently, made by hand: the tests run without the system's culture data, where tr-TR and ar-SA
/// would look like the invariant culture and prove nothing.
/// </summary>
internal static class Cultures
{
    public static CultureInfo Turkish { get; } = Create(",", ".", "-", "dd.MM.yyyy");

    public static CultureInfo Arabic { get; } = Create("\u066B", "\u066C", "\u061C-", "dd/MM/yyyy");

    public static CultureInfo Foreign => Arabic;

    private static CultureInfo Create(string decimalSeparator, string groupSeparator, string negativeSign, string date)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = decimalSeparator;
        culture.NumberFormat.NumberGroupSeparator = groupSeparator;
        culture.NumberFormat.NegativeSign = negativeSign;
        culture.DateTimeFormat.ShortDatePattern = date;
        culture.DateTimeFormat.TimeSeparator = "'";
        culture.DateTimeFormat.DateSeparator = "|";
        return culture;
    }
}
