using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Carillon.Events;
using Carillon.Serialization;
using Carillon.Tests.Events;

namespace Carillon.Tests.Serialization;

public sealed class JsonMessageSerializerTests
{
    private readonly JsonMessageSerializer _serializer = Serializers.Create();

    public static TheoryData<string> CultureNames => ["invariant", "tr-TR", "ar-SA"];

    [Theory]
    [MemberData(nameof(CultureNames))]
    public void Serialize_ShouldRoundTrip_WhenTheCultureIs(string name)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = name switch { "tr-TR" => Cultures.Turkish, "ar-SA" => Cultures.Arabic, _ => CultureInfo.InvariantCulture };
        try
        {
            var body = _serializer.Serialize(OrderCreated.Example);
            var read = (OrderCreated)_serializer.Deserialize(AttributedMessage.Define<OrderCreated>(), body);

            Assert.Contains("\"total\":-1234.50,\"weight\":1234.5,\"placedAt\":\"2026-11-21T10:20:30-03:00\"", Encoding.UTF8.GetString(body.Span), StringComparison.Ordinal);
            Assert.Equal(OrderCreated.Example.Lines, read.Lines);
            Assert.Equal(OrderCreated.Example, read with { Lines = OrderCreated.Example.Lines });
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(JsonIgnoreCondition.WhenWritingNull)]
    [InlineData(JsonIgnoreCondition.WhenWritingDefault)]
    public void Serialize_ShouldWriteWhatReadersRequire_WhenNullsAndDefaultsAreLeftOut(JsonIgnoreCondition condition)
    {
        var json = new MessageJsonOptions();
        json.Serializer.DefaultIgnoreCondition = condition;
        var serializer = Serializers.Create(json: json);

        foreach (var writer in (ReadOnlySpan<JsonMessageSerializer>)[serializer, Serializers.Create()])
        {
            var body = writer.Serialize(new Gappy(null, 0, null) { Required = null });
            Assert.Equal(new Gappy(null, 0, null) { Required = null }, Serializers.Create().Deserialize(AttributedMessage.Define<Gappy>(), body));
            Assert.Equal(ReferenceEquals(writer, serializer), !Encoding.UTF8.GetString(body.Span).Contains("free", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Serialize_ShouldUseTheContext_WhenOneIsGiven()
    {
        var json = new MessageJsonOptions();
        json.Serializer.TypeInfoResolverChain.Add(ShopJsonContext.Default);
        var serializer = Serializers.Create(json: json);

        var body = Encoding.UTF8.GetString(serializer.Serialize(OrderCreated.Example).Span);
        var read = serializer.Deserialize<OrderCreated>(body);

        Assert.Equal(Encoding.UTF8.GetString(_serializer.Serialize(OrderCreated.Example).Span), body);
        Assert.Equal(OrderCreated.Example, read with { Lines = OrderCreated.Example.Lines });
        Assert.Throws<MessageRejectedException>(() => serializer.Deserialize<OrderCreated>(body.Replace("1234.5,", "1e400,", StringComparison.Ordinal)));
    }

    [Fact]
    public void Serialize_ShouldAllocateTheBodyOnly_WhenTheTypeIsKnown()
    {
        // A message without lists and inner records: for those the library itself allocates a stack.
        var definition = AttributedMessage.Define<UserRegistered>();
        var message = new UserRegistered("user-1", "Zoë", 42, 1.5m, 0.25, OrderCreated.Example.PlacedAt);
        var size = _serializer.Serialize(definition, message).Length;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            _serializer.Serialize(definition, message);
        var perMessage = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;

        Assert.Equal(SizeOfArray(size), perMessage);
    }

    [Fact]
    public void Serialize_ShouldThrowMessageTooLarge_WhenTheBodyIsOverTheLimit()
    {
        var serializer = Serializers.Create(new EnvelopeLimits { BodyBytes = 1024 });

        var error = Assert.Throws<CarillonException>(() => serializer.Serialize(OrderCreated.Example with { Note = new string('n', 1024) }));

        Assert.Equal(ErrorCodes.MessageTooLarge, error.Code);
        Assert.Contains("order.created", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Serialize_ShouldStopWriting_WhenTheBodyIsFarOverTheLimit()
    {
        var serializer = Serializers.Create(new EnvelopeLimits { BodyBytes = 1024 });
        var huge = OrderCreated.Example with { Lines = [.. Enumerable.Repeat(new OrderLine("product", 1, 1), 100_000)] };
        Assert.Throws<CarillonException>(() => serializer.Serialize(huge));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<CarillonException>(() => serializer.Serialize(huge));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 * 1024);
    }

    [Theory]
    [InlineData('a')]
    [InlineData('"')]
    [InlineData('\u20AC')]
    public void Serialize_ShouldFillTheLimitExactly_WhenTheBodyJustFits(char character)
    {
        var serializer = Serializers.Create(new EnvelopeLimits { BodyBytes = 1024 * 1024 });
        var text = new DictionaryFilled(new Dictionary<string, int> { [new string(character, 100_000)] = 1 });

        var size = serializer.Serialize(text).Length;

        Assert.Equal(size, Serializers.Create(new EnvelopeLimits { BodyBytes = size }).Serialize(text).Length);
        Assert.Throws<CarillonException>(() => Serializers.Create(new EnvelopeLimits { BodyBytes = size - 1 }).Serialize(text));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Serialize_ShouldThrowSerializationFailed_WhenANumberIsNotFinite(double weight)
    {
        var error = Assert.Throws<CarillonException>(() => _serializer.Serialize(OrderCreated.Example with { Weight = weight }));

        Assert.Equal(ErrorCodes.SerializationFailed, error.Code);
    }

    [Fact]
    public void Serialize_ShouldThrowUnreadableMessage_WhenTheMessageNestsTooDeep()
    {
        Assert.Equal(32, _serializer.Deserialize<Node>(Encoding.UTF8.GetString(_serializer.Serialize(Node.OfDepth(32)).Span)) is var node ? DepthOf(node) : 0);
        Assert.Equal(ErrorCodes.UnreadableMessage, Assert.Throws<CarillonException>(() => _serializer.Serialize(Node.OfDepth(33))).Code);
    }

    [Fact]
    public void Serialize_ShouldWork_WhenTheMessageBeforeFailed()
    {
        Assert.Throws<CarillonException>(() => _serializer.Serialize(OrderCreated.Example with { Weight = double.NaN }));

        Assert.Equal("{\"child\":null}", Encoding.UTF8.GetString(_serializer.Serialize(new Node(child: null)).Span));
    }

    [Fact]
    public void Serialize_ShouldWork_WhenAConverterSerializesMeanwhile()
    {
        var json = new MessageJsonOptions();
        json.Serializer.Converters.Add(new NestedConverter(_serializer));
        var serializer = Serializers.Create(json: json);

        Assert.Equal("[\"{\\u0022child\\u0022:null}\"]", Encoding.UTF8.GetString(serializer.Serialize(new MessageDefinition<List<OrderLine>>("lines", MessageKind.Event), [new OrderLine("p", 1, 1)]).Span));
    }

    [Fact]
    public void Deserialize_ShouldAccept_WhenThereAreUnknownFieldsAndCountThem()
    {
        const string json = """{"orderId":"1","count":1,"total":1,"weight":1,"placedAt":"2026-11-21T00:00:00Z","new":{"deep":[1,2]},"lines":[{"product":"p","quantity":1,"price":1,"colour":"red"}],"other":null}""";

        var read = _serializer.Deserialize<OrderCreated>(json);

        Assert.Equal("p", Assert.Single(read.Lines).Product);
        Assert.Equal(3, _serializer.UnknownFieldCount);
    }

    [Fact]
    public void Deserialize_ShouldAccept_WhenTheBodyHasAByteOrderMark() =>
        Assert.Null(_serializer.Deserialize<Node>("\uFEFF{\"child\":null}").Child);

    [Fact]
    public void Deserialize_ShouldAccept_WhenAPropertyDeclaresItsOwnNumberHandling() =>
        Assert.Equal(1.5, _serializer.Deserialize<NumberHolder>("""{"quoted":"1.5"}""").Quoted);

    [Fact]
    public void Deserialize_ShouldAccept_WhenAnEnumerationHasAnUnknownNumber() =>
        Assert.Equal(99, (int)_serializer.Deserialize<NumberHolder>("""{"colour":99}""").Colour);

    [Fact]
    public void Deserialize_ShouldLeaveStrictnessToTheUser_WhenTheOptionsAreChanged()
    {
        var json = new MessageJsonOptions();
        json.Serializer.ReadCommentHandling = JsonCommentHandling.Skip;

        Assert.Null(Serializers.Create(json: json).Deserialize<Node>("{/* why */\"child\":null}").Child);
    }

    [Fact]
    public void Deserialize_ShouldHonourTheType_WhenItRefusesUnknownFields() =>
        Assert.Equal(ErrorCodes.MalformedBody, Assert.Throws<MessageRejectedException>(() => _serializer.Deserialize<Closed>("""{"id":"1","x":2}""")).Code);

    [Fact]
    public void Deserialize_ShouldLeaveTheExtensionDataAlone_WhenTheTypeHasItsOwn()
    {
        Assert.True(_serializer.Deserialize<Open>("""{"id":"1","x":2}""").Rest!.ContainsKey("x"));
        Assert.Equal(0, _serializer.UnknownFieldCount);
    }

    [Fact]
    public void Verify_ShouldThrow_WhenNoJsonIsPossible()
    {
        var error = Assert.Throws<CarillonConfigurationException>(() => _serializer.Verify(new MessageDefinition<Conflicting>("conflicting", MessageKind.Event)));

        Assert.Contains(nameof(Conflicting), error.Message, StringComparison.Ordinal);
    }

    private static int SizeOfArray(int length) => (24 + length + 7) & ~7;

    private static int DepthOf(Node? node) => node is null ? 0 : 1 + DepthOf(node.Child);

    [Event("closed.happened")]
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record Closed(string Id);

    [Event("open.happened")]
    public sealed record Open(string Id)
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Rest { get; init; }
    }

    public sealed record Conflicting([property: JsonPropertyName("a")] string First, [property: JsonPropertyName("a")] string Second);

    private sealed class NestedConverter(JsonMessageSerializer serializer) : JsonConverter<OrderLine>
    {
        public override OrderLine Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, OrderLine value, JsonSerializerOptions options) =>
            writer.WriteStringValue(serializer.Serialize(new Node(child: null)).Span);
    }

    [Event("gappy.happened")]
    private sealed record Gappy(
        string? Text, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Number, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWriting)] string? Other)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public required string? Required { get; init; }

        public string? Free { get; init; }
    }
}
