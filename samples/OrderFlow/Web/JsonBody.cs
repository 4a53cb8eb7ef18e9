using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderFlow.Web;

/// <summary>Reads the JSON of a request, and says clearly what is wrong with it when it cannot.</summary>
internal static class JsonBody
{
    /// <summary>The largest body of a request, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Reads the body, or says why not.</summary>
    public static async ValueTask<(T? Body, ProblemHttpResult? Refusal)> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, Refuse($"The content type is \"{request.ContentType}\", but must be application/json.",
                StatusCodes.Status415UnsupportedMediaType));
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, cancellation) is { } body
                ? (body, null)
                : (null, Refuse("The body is null, but must be a JSON object."));
        }
        catch (JsonException error)
        {
            return (null, Refuse(Describe(error)));
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Refuse($"The body is larger than {MaxBytes} bytes."));
        }
    }

    // The exception's own message names CLR types, which are nobody's business outside.
    private static string Describe(JsonException error) => error switch
    {
        { LineNumber: 0 or null, BytePositionInLine: 0 or null, Path: null or "$" } => "The body is empty or does not begin with JSON.",
        { InnerException: JsonException } => $"The JSON is broken or nested too deeply at {Place(error)}.",
        _ => $"The JSON holds a value that cannot be read at {Place(error)}.",
    };

    private static string Place(JsonException error) =>
        $"{error.Path ?? "$"} (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1})";

    private static ProblemHttpResult Refuse(string detail, int status = StatusCodes.Status400BadRequest) =>
        TypedResults.Problem(detail, statusCode: status, title: "The request cannot be read");
}
