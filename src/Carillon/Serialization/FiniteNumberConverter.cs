using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon.Serialization;

/// <summary>Refuses numbers such as 1e400, which System.Text.Json would read as infinity.</summary>
internal sealed class FiniteNumberConverter<TNumber>(JsonConverter<TNumber> inner) : JsonConverter<TNumber>
    where TNumber : struct, INumberBase<TNumber>
{
    public override TNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RefuseInfinity(inner.Read(ref reader, typeToConvert, options));

    public override void Write(Utf8JsonWriter writer, TNumber value, JsonSerializerOptions options) =>
        inner.Write(writer, RefuseInfinity(value), options);

    public override TNumber ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RefuseInfinity(inner.ReadAsPropertyName(ref reader, typeToConvert, options));

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TNumber value, JsonSerializerOptions options) =>
        inner.WriteAsPropertyName(writer, RefuseInfinity(value), options);

    private static TNumber RefuseInfinity(TNumber value) =>
        TNumber.IsFinite(value) ? value : throw new JsonException("The number is out of the range of its type.");
}
