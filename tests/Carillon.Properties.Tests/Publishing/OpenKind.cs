using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Carillon.Properties.Tests.Publishing;

/// <summary>A message in which a publisher may put anything.</summary>
[Event("open.kind")]
public sealed record OpenKind
{
    public string? Name { get; init; }

    public JsonElement? Element { get; init; }

    public JsonNode? Node { get; init; }

    public object? Anything { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public IReadOnlyDictionary<string, JsonNode?>? Nodes { get; init; }

    public IReadOnlyList<OpenLine>? Lines { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Rest { get; init; }
}

/// <summary>A part of a message of which there may be many.</summary>
/// <param name="Product">What.</param>
/// <param name="Quantity">How many.</param>
public sealed record OpenLine(string Product, int Quantity);
