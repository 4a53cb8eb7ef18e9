using System.Text.Json.Serialization;

namespace Carillon.Relational;

/// <summary>How headers are written, without reflection.</summary>
[JsonSourceGenerationOptions(AllowDuplicateProperties = false)]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class EnvelopeJsonContext : JsonSerializerContext;
