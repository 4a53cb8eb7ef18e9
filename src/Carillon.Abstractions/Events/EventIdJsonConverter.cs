using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon;

/// <summary>Writes an <see cref="EventId"/> as its text, in System.Text.Json, and reads it back. The type names it: nobody needs to add it.</summary>
public sealed class EventIdJsonConverter : JsonConverter<EventId>
{
    /// <inheritdoc/>
    public override EventId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? EventId.Parse(reader.GetString()) : throw new JsonException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EventId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    /// <inheritdoc/>
    public override EventId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => EventId.Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, EventId value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
}
