using System.Globalization;

namespace Carillon;

/// <summary>
/// The text of a key. Equal values have one text, in every culture, time zone and process, because the order of the messages of a key depends
/// on it; it is also what an operator or another program has to write to mean the same key.
/// </summary>
public static class KeyText
{
    // As many places as a decimal has, none of them written when it is zero.
    private const string PlainNumber = "0.############################";

    /// <summary>The text of a value.</summary>
    /// <param name="value">
    /// A text, as it is; a whole number; a <see cref="Guid"/>, in lower case; a <see cref="decimal"/>, without zeros at its end; a
    /// <see cref="DateTimeOffset"/>, in UTC; a <see cref="DateOnly"/>, <see cref="TimeOnly"/> or <see cref="TimeSpan"/>; a member of an enumeration, as
    /// its number; or anything whose type says itself what its text is, which is asked for in the invariant culture.
    /// </param>
    /// <exception cref="ArgumentException">It is a floating-point number or a <see cref="DateTime"/>: equal ones may have different texts.</exception>
    public static string Of<TKey>(TKey value)
        where TKey : notnull => value switch
        {
            string text => text,
            Guid id => id.ToString("D"),
            int number => number.ToString(CultureInfo.InvariantCulture),
            long number => number.ToString(CultureInfo.InvariantCulture),
            decimal number => TextOf(number),
            DateTimeOffset instant => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
            TimeOnly time => time.ToString("O", CultureInfo.InvariantCulture),
            Enum member => member.ToString("D"),
            float or double or Half or DateTime => throw new ArgumentException($"A {value.GetType().Name} is no key: equal ones may have different texts.", nameof(value)),
            _ => OwnText(value),
        };

    private static string TextOf(decimal number) => number == 0 ? "0" : number.ToString(PlainNumber, CultureInfo.InvariantCulture);

    // A type may write its text with the current culture whatever it is asked for.
    private static string OwnText<TKey>(TKey value)
        where TKey : notnull
    {
        var culture = CultureInfo.CurrentCulture;
        if (ReferenceEquals(culture, CultureInfo.InvariantCulture))
            return Written(value);
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return Written(value);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static string Written<TKey>(TKey value)
        where TKey : notnull =>
        (value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString()) ?? "";
}
