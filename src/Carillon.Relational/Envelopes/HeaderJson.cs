using System.Text.Json;

namespace Carillon.Relational;

/// <summary>Headers as a JSON object of texts.</summary>
internal static class HeaderJson
{
    public static string? Write(IReadOnlyDictionary<string, string>? headers) =>
        headers is null ? null : JsonSerializer.Serialize(headers, EnvelopeJsonContext.Default.IReadOnlyDictionaryStringString);

    /// <summary>Reads headers, or says why they cannot be read.</summary>
    public static IReadOnlyDictionary<string, string>? Read(ReadOnlySpan<byte> json, out string? fault)
    {
        fault = null;
        try
        {
            var headers = JsonSerializer.Deserialize(json, EnvelopeJsonContext.Default.DictionaryStringString);
            if (headers is not null && !headers.ContainsValue(null!))
                return headers;
            fault = "holds null";
        }
        catch (JsonException e)
        {
            fault = $"is not a JSON object of texts: {e.Message}";
        }

        return null;
    }
}
