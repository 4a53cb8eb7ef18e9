using System.Text;

namespace Carillon.PostgreSql;

/// <summary>Which texts the server can hold: no zero characters and no halves of characters.</summary>
internal static class StorableText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Looks for an attribute of a message that cannot be stored.</summary>
    /// <returns>Its name, or null.</returns>
    public static string? FindFault(in Envelope envelope)
    {
        if (!IsStorable(envelope.Topic))
            return "topic";
        if (!IsStorable(envelope.Key))
            return "partitionkey";
        if (!IsStorable(envelope.Subject))
            return "subject";
        if (!IsStorable(envelope.Type) || !IsStorable(envelope.Source) || !IsStorable(envelope.Destination) || !IsStorable(envelope.ContentType))
            return "type, source, destination or datacontenttype";
        return IsStorable(envelope.TraceParent) && IsStorable(envelope.TraceState) && IsStorable(envelope.Defect?.Detail) ? FindFault(envelope.Headers) : "traceparent or tracestate";
    }

    private static string? FindFault(IReadOnlyDictionary<string, string>? headers)
    {
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            // In JSON a zero character is escaped, but half a character is not.
            if (!IsEncodable(name) || !IsEncodable(value))
                return $"header {name}";
        }

        return null;
    }

    private static bool IsStorable(string? text) => text is null || (!text.Contains('\0', StringComparison.Ordinal) && IsEncodable(text));

    private static bool IsEncodable(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return true;
        try
        {
            Strict.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
