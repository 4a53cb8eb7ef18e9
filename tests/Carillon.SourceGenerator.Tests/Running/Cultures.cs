using System.Globalization;

namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>
/// Cultures that write numbers and dates differently, made by hand (as de-DE and tr-TR, as ar-SA): the tests run without the system's culture data, where real ones
/// would look like the invariant culture and prove nothing.
/// </summary>
internal static class Cultures
{
    public static IReadOnlyList<CultureInfo> All { get; } =
    [
        CultureInfo.InvariantCulture,
        Create(",", ".", "-", "dd.MM.yyyy"),
        Create("\u066B", "\u066C", "\u061C-", "dd/MM/yyyy"),
    ];

    private static CultureInfo Create(string decimals, string groups, string minus, string date)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (decimals, groups);
        culture.NumberFormat.NegativeSign = minus;
        (culture.DateTimeFormat.ShortDatePattern, culture.DateTimeFormat.TimeSeparator, culture.DateTimeFormat.DateSeparator) = (date, "'", "|");
        return culture;
    }
}
