using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon.Transports;

/// <summary>Writes a <see cref="TopicPattern"/> as its text, in System.Text.Json, and reads it back. The type names it: nobody needs to add it.</summary>
public sealed class TopicPatternJsonConverter : JsonConverter<TopicPattern>
{
    /// <inheritdoc/>
    public override TopicPattern Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()) : throw new JsonException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TopicPattern value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);

    /// <inheritdoc/>
    public override TopicPattern ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, TopicPattern value, JsonSerializerOptions options) => writer.WritePropertyName(value.Text);

    private static TopicPattern Parse(string? text) => TopicPattern.TryParse(text) ?? throw new JsonException($"\"{text}\" is not a topic or pattern.");
}
