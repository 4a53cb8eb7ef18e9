using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon.Benchmarks;

/// <summary>System.Text.Json, generated at build time, as Carillon and the limit both use it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OrderCreated))]
public sealed partial class EventJson : JsonSerializerContext;
