using System.Text.Json;
using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>The failed attempts of a message as JSON.</summary>
internal static class AttemptJson
{
    public static string? Write(IReadOnlyList<FailedAttempt> attempts) =>
        attempts.Count == 0 ? null : JsonSerializer.Serialize(attempts, ParkingJsonContext.Default.IReadOnlyListFailedAttempt);

    /// <summary>Reads attempts. What cannot be read hides neither the message nor the others.</summary>
    public static IReadOnlyList<FailedAttempt> Read(string? json)
    {
        if (json is null)
            return [];
        try
        {
            return JsonSerializer.Deserialize(json, ParkingJsonContext.Default.FailedAttemptArray)?.Where(attempt => attempt is not null).ToArray() ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
