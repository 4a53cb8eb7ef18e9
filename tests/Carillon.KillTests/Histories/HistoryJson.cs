using System.Text.Json.Serialization;

namespace Carillon.KillTests;

/// <summary>What the harness writes and reads as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryLine))]
[JsonSerializable(typeof(RoleSettings))]
[JsonSerializable(typeof(PlannedFailpoint))]
internal sealed partial class HistoryJson : JsonSerializerContext;
