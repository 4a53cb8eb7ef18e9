using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Carillon.Properties.Tests.Running;

/// <summary>Shows cases to people: what cannot be seen is written as its number.</summary>
internal static class Show
{
    private const int LongestText = 400;

    public static string Value(object? value) => value switch
    {
        null => "null",
        string text => Text(text),
        Envelope envelope => Envelope(envelope),
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(index => Value(tuple[index])))})",
        IDictionary entries => $"{{{string.Join(", ", entries.Keys.Cast<object>().Select(key => $"{Value(key)}: {Value(entries[key])}"))}}}",
        IEnumerable many => $"[{string.Join("," + Environment.NewLine + "  ", many.Cast<object?>().Select(Value))}]",
        ReadOnlyMemory<byte> bytes => $"{bytes.Length} bytes {Convert.ToHexString(bytes.Span[..Math.Min(bytes.Length, 40)])}",
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Text(string text)
    {
        var shown = new StringBuilder("\"");
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, LongestText)))
            shown.Append(c is >= ' ' and <= '~' ? c : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"));
        return shown.Append(text.Length > LongestText ? $"\"... of {text.Length}" : "\"").ToString();
    }

    private static string Envelope(Envelope envelope)
    {
        var attributes = typeof(Envelope).GetProperties()
            .Select(attribute => (attribute.Name, Value: attribute.GetValue(envelope)))
            .Where(attribute => attribute.Value is not (null or EventId { IsEmpty: true }))
            .Select(attribute => $"{attribute.Name} = {(attribute.Value is EventId id ? Text(id.ToString()) : Value(attribute.Value))}");
        return $"Envelope {{ {string.Join(", ", attributes)} }}";
    }
}
