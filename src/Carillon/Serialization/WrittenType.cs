using System.Text.Json.Serialization.Metadata;

namespace Carillon.Serialization;

/// <summary>What the serializer knows of a type whose messages it writes.</summary>
/// <param name="Json">How it is written.</param>
/// <param name="Freedom">What its values decide.</param>
internal sealed record WrittenType(JsonTypeInfo Json, BodyFreedom Freedom);
