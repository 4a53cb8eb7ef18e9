using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Carillon.Events;
using Carillon.Serialization;

namespace Carillon.Tests.Serialization;

/// <summary>What receivers would refuse for its content is not published.</summary>
public sealed class UnreadableMessageTests
{
    private readonly JsonMessageSerializer _serializer = Serializers.Create();

    public static TheoryData<string, Anything> Doubled => new()
    {
        { "element", new Anything { Element = Parse("""{"a":1,"a":2}""") } },
        { "element, escaped", new Anything { Element = Parse("""{"a":1,"\u0061":2}""") } },
        { "node", new Anything { Node = JsonNode.Parse("""{"inner":[{"a":1,"a":2}]}""") } },
        { "node, by case", new Anything { Node = new JsonObject { ["a"] = 1, ["A"] = 2 } } },
        { "object", new Anything { Value = Parse("""{"a":1,"a":2}""") } },
        { "extension data and property", new Anything { Rest = new() { ["node"] = Parse("1") } } },
        { "extension data and property, by case", new Anything { Rest = new() { ["NODE"] = Parse("1") } } },
        { "extension data and absent property", new Anything { Rest = new() { ["absent"] = Parse("[]") } } },
        { "keys that cannot be written", new Anything { Tags = new() { ["\uD800"] = 1, ["\uD801"] = 2 } } },
    };

    public static TheoryData<string, Anything> Readable => new()
    {
        { "names of different objects", new Anything { Element = Parse("""[{"a":{"a":1}},{"a":1}]""") } },
        { "node", new Anything { Node = new JsonObject { ["a"] = new JsonObject { ["a"] = 1 } } } },
        { "keys that differ in case", new Anything { Tags = new() { ["a"] = 1, ["A"] = 2, [""] = 3 } } },
        { "element, by case", new Anything { Element = Parse("""{"a":1,"A":2,"$type":"x"}""") } },
        { "a key that cannot be written", new Anything { Tags = new() { ["\uD800"] = 1 } } },
        { "a long name", new Anything { Element = Parse($$"""{"{{new string('n', 3000)}}":1}""") } },
        { "extension data", new Anything { Rest = new() { ["a"] = Parse("1"), ["A"] = Parse("2") } } },
    };

    [Theory]
    [MemberData(nameof(Doubled))]
    public void Serialize_ShouldThrowUnreadableMessage_WhenAnObjectHoldsANameTwice(string what, Anything message)
    {
        var error = Assert.Throws<CarillonException>(() => _serializer.Serialize(message));

        Assert.True(error.Code == ErrorCodes.UnreadableMessage, what);
        Assert.Contains("anything.happened", error.Message, StringComparison.Ordinal);
        Assert.Contains(ErrorCodes.MalformedBody, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Serialize_ShouldWrite_WhenReceiversCanRead(string what, Anything message) =>
        Assert.True(_serializer.Deserialize(AttributedMessage.Define<Anything>(), _serializer.Serialize(message)) is Anything, what);

    [Fact]
    public void Serialize_ShouldThrowUnreadableMessage_WhenThereAreMorePropertiesThanAllowed()
    {
        // Each line is one property, and so is the list of them.
        Assert.NotEqual(0, _serializer.Serialize(Many.Of(9_999)).Length);

        var error = Assert.Throws<CarillonException>(() => _serializer.Serialize(Many.Of(10_000)));

        Assert.Equal(ErrorCodes.UnreadableMessage, error.Code);
        Assert.Contains("many.happened", error.Message, StringComparison.Ordinal);
        Assert.Contains("10001 properties; the limit is 10000", error.Message, StringComparison.Ordinal);
        Assert.Contains("Carillon:Limits:Properties", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Serialize_ShouldThrowUnreadableMessage_WhenAnElementNestsTooDeep()
    {
        Assert.NotEqual(0, _serializer.Serialize(new Anything { Element = Nested(31) }).Length);

        var error = Assert.Throws<CarillonException>(() => _serializer.Serialize(new Anything { Element = Nested(32) }));

        Assert.Equal(ErrorCodes.UnreadableMessage, error.Code);
        Assert.Contains("Carillon:Limits:Depth", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    [InlineData("{}{}")]
    [InlineData("null")]
    public void Serialize_ShouldThrowUnreadableMessage_WhenAConverterWritesWhatNobodyReads(string json)
    {
        var options = new MessageJsonOptions();
        options.Serializer.Converters.Add(new RawConverter(json));

        var error = Assert.Throws<CarillonException>(() => Serializers.Create(json: options).Serialize(new Raw()));

        Assert.Equal(ErrorCodes.UnreadableMessage, error.Code);
    }

    [Fact]
    public void MayBeIn_ShouldAllocateNothing_WhenTheNamesDiffer()
    {
        Assert.False(DoubledNames.MayBeIn("""{"a":{"b":1},"b":[{"a":1}]}"""u8, 32));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            DoubledNames.MayBeIn("""{"a":{"b":1},"b":[{"a":1}]}"""u8, 32);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static JsonElement Nested(int depth) => Parse(new string('[', depth) + new string(']', depth));

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    [Event("anything.happened")]
    public sealed record Anything
    {
        public JsonElement? Element { get; init; }

        public JsonNode? Node { get; init; }

        public object? Value { get; init; }

        public Dictionary<string, int>? Tags { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Absent { get; init; }

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Rest { get; init; }
    }

    [Event("many.happened")]
    public sealed record Many(IReadOnlyList<Line> Lines)
    {
        public static Many Of(int lines) => new([.. Enumerable.Range(0, lines).Select(line => new Line(line))]);
    }

    public sealed record Line(int N);

    [Event("raw.happened")]
    public sealed record Raw;

    private sealed class RawConverter(string json) : JsonConverter<Raw>
    {
        public override Raw Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            _ = JsonSerializer.Deserialize<JsonElement>(ref reader, options);
            return new Raw();
        }

        public override void Write(Utf8JsonWriter writer, Raw value, JsonSerializerOptions options) => writer.WriteRawValue(json, skipInputValidation: true);
    }
}
