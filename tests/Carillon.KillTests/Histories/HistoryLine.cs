using System.Text.Json.Serialization;

namespace Carillon.KillTests;

/// <summary>One line of a history file, as JSON, for whoever wants to check again.</summary>
internal sealed record HistoryLine
{
    [JsonConverter(typeof(JsonStringEnumConverter<HistoryStep>))]
    public required HistoryStep Step { get; init; }

    /// <summary>The message's key.</summary>
    public string? Key { get; init; }

    /// <summary>Which one of its key the message is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Version { get; init; }

    /// <summary>The process that is killed.</summary>
    public string? Process { get; init; }

    /// <summary>The failpoint that kills it, or null when the harness does.</summary>
    public string? Failpoint { get; init; }

    /// <summary>When, in microseconds since 1970.</summary>
    public long At { get; init; }
}
