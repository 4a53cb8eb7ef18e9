using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Carillon.Transports;

namespace Carillon.Serialization;

/// <summary>Says why a body could not be read: which code, where, and never more of the body than an excerpt.</summary>
internal static class BodyRejection
{
    private const int ExcerptCharacters = 64;
    private const int NamesCharacters = 512;

    // System.Text.Json lists the type's own names here, nothing out of the body.
    private const string MissingProperties = "JSON deserialization for type";

    public static MessageRejectedException Explain(ReadOnlySpan<byte> json, Exception exception, EnvelopeLimits limits)
    {
        if (!Utf8.IsValid(json))
            return new MessageRejectedException(ErrorCodes.InvalidEncoding, "The body is not valid UTF-8.", exception);
        if (JsonText.Measure(json).Depth > limits.Depth)
            return TooDeep(limits, exception);
        return new MessageRejectedException(ErrorCodes.MalformedBody, exception is JsonException jsonException
            ? Describe(jsonException, json)
            : $"The body does not suit its type: {Cut(exception.Message, ExcerptCharacters)} ({exception.GetType().Name})", exception);
    }

    public static MessageRejectedException TooDeep(EnvelopeLimits limits, Exception exception) =>
        new(ErrorCodes.TooDeep, $"The body nests deeper than {limits.Depth}.", exception);

    private static string Describe(JsonException exception, ReadOnlySpan<byte> json)
    {
        var reason = exception.Message;
        var suffix = reason.IndexOf(" Path: ", StringComparison.Ordinal);
        if (suffix >= 0)
            reason = reason[..suffix];
        reason = Cut(reason, reason.StartsWith(MissingProperties, StringComparison.Ordinal) ? NamesCharacters : ExcerptCharacters);
        return string.Create(CultureInfo.InvariantCulture,
            $"At {Cut(exception.Path ?? "$", ExcerptCharacters)}, byte {Offset(exception, json)}: {reason}");
    }

    private static long Offset(JsonException exception, ReadOnlySpan<byte> json)
    {
        var offset = 0L;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
            offset += json[(int)offset..].IndexOf((byte)'\n') + 1;
        return offset + (exception.BytePositionInLine ?? 0);
    }

    private static string Cut(string text, int characters) => text.Length <= characters ? text : StorableText.Cut(text, characters - 1) + "…";
}
