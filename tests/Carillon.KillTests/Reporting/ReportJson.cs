using System.Text.Json.Serialization;

namespace Carillon.KillTests;

/// <summary>How a report is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KillTestReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
