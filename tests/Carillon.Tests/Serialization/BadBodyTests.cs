using System.Text;
using Carillon.Events;
using Carillon.Serialization;

namespace Carillon.Tests.Serialization;

/// <summary>Bodies that cannot be handled, with the code that their dead letter carries: the inspector's or, behind it, the serializer's.</summary>
public sealed class BadBodyTests
{
    private static readonly EnvelopeLimits _limits = new();
    private static readonly EnvelopeInspector _inspector = new(_limits, TimeProvider.System);
    private readonly JsonMessageSerializer _serializer = Serializers.Create(_limits);

    public static TheoryData<string, byte[], string> BadBodies => new()
    {
        { "01 empty", [], ErrorCodes.EmptyBody },
        { "01 byte order mark only", [0xEF, 0xBB, 0xBF], ErrorCodes.EmptyBody },
        { "02 one zero byte", [0], ErrorCodes.MalformedBody },
        { "03 truncated", Text("""{"orderId":"1","count":"""), ErrorCodes.MalformedBody },
        { "03 truncated in a text", Text("""{"orderId":"1"""), ErrorCodes.MalformedBody },
        { "04 trailing garbage", Text(Order() + "x"), ErrorCodes.MalformedBody },
        { "04 a second value", Text(Order() + Order()), ErrorCodes.MalformedBody },
        { "05 invalid UTF-8", [.. Text("{\"orderId\":\""), 0xFF, .. Text("\"}")], ErrorCodes.InvalidEncoding },
        { "05 overlong UTF-8", [.. Text("{\"orderId\":\""), 0xC0, 0x80, .. Text("\"}")], ErrorCodes.InvalidEncoding },
        { "05 lone surrogate as bytes", [.. Text("{\"orderId\":\""), 0xED, 0xA0, 0x80, .. Text("\"}")], ErrorCodes.InvalidEncoding },
        { "05 lone surrogate escaped", Text(Order(id: "\"\\ud800\"")), ErrorCodes.MalformedBody },
        { "07 UTF-16 without mark", Encoding.Unicode.GetBytes(Order()), ErrorCodes.InvalidEncoding },
        { "07 UTF-16 big endian", Encoding.BigEndianUnicode.GetBytes(Order()), ErrorCodes.InvalidEncoding },
        { "07 UTF-16 with mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Order())], ErrorCodes.InvalidEncoding },
        { "07 UTF-32", Encoding.UTF32.GetBytes(Order()), ErrorCodes.InvalidEncoding },
        { "08 20,000 nested arrays", Text(new string('[', 20_000)), ErrorCodes.TooDeep },
        { "08 20,000 closed arrays", Text(new string('[', 20_000) + new string(']', 20_000)), ErrorCodes.TooDeep },
        { "08 33 deep", Text(new string('[', 33) + new string(']', 33)), ErrorCodes.TooDeep },
        { "08 deep in an unknown field", Text(Order().Insert(1, $"\"x\":{new string('[', 40)}{new string(']', 40)},")), ErrorCodes.TooDeep },
        { "09 over the limit", new byte[(1024 * 1024) + 1], ErrorCodes.BodyTooLarge },
        { "12 array that is no array", Text(Order(lines: "2147483647")), ErrorCodes.MalformedBody },
        { "13 duplicate keys", Text(Order().Insert(1, "\"orderId\":\"0\",")), ErrorCodes.MalformedBody },
        { "13 duplicate keys in another case", Text(Order().Insert(1, "\"ORDERID\":\"0\",")), ErrorCodes.MalformedBody },
        { "13 duplicate keys in a list", Text(Order(lines: """[{"product":"a","product":"b","quantity":1,"price":1}]""")), ErrorCodes.MalformedBody },
        { "14 100,000 keys", Text($"{{{string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"{i}\":0"))}}}"), ErrorCodes.TooManyProperties },
        { "15 1e400", Text(Order(weight: "1e400")), ErrorCodes.MalformedBody },
        { "15 -1e400 in a list", Text(Order(lines: """[{"product":"a","quantity":1,"price":-1e400}]""")), ErrorCodes.MalformedBody },
        { "15 NaN", Text(Order(weight: "NaN")), ErrorCodes.MalformedBody },
        { "15 quoted NaN", Text(Order(weight: "\"NaN\"")), ErrorCodes.MalformedBody },
        { "15 quoted number", Text(Order(count: "\"1\"")), ErrorCodes.MalformedBody },
        { "15 40 digits", Text(Order(count: new string('9', 40))), ErrorCodes.MalformedBody },
        { "15 fraction for a whole number", Text(Order(count: "1.5")), ErrorCodes.MalformedBody },
        { "16 missing field", Text("""{"orderId":"1"}"""), ErrorCodes.MalformedBody },
        { "16 null for a text", Text(Order(id: "null")), ErrorCodes.MalformedBody },
        { "19 year 0000", Text(Order(placedAt: "0000-01-01T00:00:00Z")), ErrorCodes.MalformedBody },
        { "19 year 10000", Text(Order(placedAt: "10000-01-01T00:00:00Z")), ErrorCodes.MalformedBody },
        { "19 bad offset", Text(Order(placedAt: "2026-11-21T00:00:00+99:00")), ErrorCodes.MalformedBody },
        { "24 another type's body", Text("""{"userId":"1","name":"n"}"""), ErrorCodes.MalformedBody },
        { "24 a list", Text("[]"), ErrorCodes.MalformedBody },
        { "24 a text", Text("\"order\""), ErrorCodes.MalformedBody },
        { "24 null", Text("null"), ErrorCodes.MalformedBody },
        { "comment", Text(Order().Insert(1, "/* */")), ErrorCodes.MalformedBody },
        { "trailing comma", Text(Order().Insert(Order().Length - 1, ",")), ErrorCodes.MalformedBody },
        { "single quotes", Text("{'orderId':'1'}"), ErrorCodes.MalformedBody },
        { "white space", Text(" \r\n\t "), ErrorCodes.MalformedBody },
    };

    // Megabytes of bodies are not written down for every discovery: that took most of the time of a short run.
    [Theory]
    [MemberData(nameof(BadBodies), DisableDiscoveryEnumeration = true)]
    public void Body_ShouldBeRejectedWithItsCode_WhenItIs(string name, byte[] body, string code) =>
        Assert.Equal((name, code), (name, Reject<OrderCreated>(body).Code));

    [Theory]
    [MemberData(nameof(BadBodies), DisableDiscoveryEnumeration = true)]
    public void Deserialize_ShouldRejectWithTheSameCode_WhenNobodyInspectedBefore(string name, byte[] body, string code)
    {
        // Without the inspector there is nobody to look for the attributes of the whole: what is left is malformed.
        var expected = code is ErrorCodes.BodyTooLarge or ErrorCodes.TooManyProperties || (code == ErrorCodes.InvalidEncoding && name.StartsWith("07", StringComparison.Ordinal) && name is not "07 UTF-16 with mark")
            ? ErrorCodes.MalformedBody
            : code;

        var error = Assert.Throws<MessageRejectedException>(() => _serializer.Deserialize(AttributedMessage.Define<OrderCreated>(), body));

        Assert.Equal((name, expected), (name, error.Code));
    }

    [Theory]
    [InlineData("""{"orderId":"1","count":1e1}""", "$.count", "byte 26")]
    [InlineData("""{"orderId":"1","lines":[{"product":"a","quantity":99999999999999999999,"price":1}]}""", "$.lines[0].quantity", "byte 70")]
    [InlineData("{\n  \"orderId\": \"1\",\n  \"weight\": 1e400\n}", "$.weight", "byte 37")]
    [InlineData("{\"orderId\":\"1\",", "$", "byte 14")]
    [InlineData("{\"orderId\":\"1\"}", "'count'", "'lines'")]
    public void Detail_ShouldSayWhere_WhenABodyIsMalformed(string json, params string[] expected)
    {
        var detail = Reject<OrderCreated>(Text(json)).Detail;

        Assert.All(expected, part => Assert.Contains(part, detail, StringComparison.Ordinal));
    }

    [Fact]
    public void Detail_ShouldNotRepeatTheBody_WhenAnythingIsWrong()
    {
        var secret = new string('s', 5000);
        byte[][] bodies =
        [
            Text(Order(id: secret)),
            Text(Order(placedAt: secret)),
            Text(Order().Insert(1, $"\"{secret}\":[,")),
            Text($"{{\"entries\":{{\"{secret}\":\"x\"}}}}"),
            Text($"{{\"entries\":{{\"{secret}\":1,\"{secret}\":1}}}}"),
        ];

        foreach (var body in bodies)
        {
            Assert.DoesNotContain(secret[..65], Reject<OrderCreated>(body).ToDefect().Detail, StringComparison.Ordinal);
            Assert.DoesNotContain(secret[..65], Reject<DictionaryFilled>(body).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Detail_ShouldBeCut_WhenTheTypeItselfRefuses()
    {
        var error = Reject<Picky>(Text("""{"amount":-1}"""));

        Assert.Equal(ErrorCodes.MalformedBody, error.Code);
        Assert.Contains(nameof(ArgumentOutOfRangeException), error.Detail, StringComparison.Ordinal);
        Assert.InRange(error.Detail.Length, 1, 200);
    }

    [Theory]
    [InlineData("""{"rough":1e39}""")]
    [InlineData("""{"half":1e6}""")]
    [InlineData("""{"exact":1e30}""")]
    [InlineData("""{"maybe":1e400}""")]
    [InlineData("""{"many":[1,-1e999]}""")]
    [InlineData("""{"small":2147483648}""")]
    [InlineData("""{"date":"2026-02-30T00:00:00"}""")]
    [InlineData("""{"colour":"Red"}""")]
    public void Body_ShouldBeMalformed_WhenAValueIsOutOfItsTypesRange(string json)
    {
        var error = Reject<NumberHolder>(Text(json));

        Assert.Equal(ErrorCodes.MalformedBody, error.Code);
        Assert.Contains("At $.", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Body_ShouldBeAccepted_WhenItIsJustWithinTheLimits()
    {
        var deep = Text(Order().Insert(1, $"\"x\":{new string('[', 31)}{new string(']', 31)},"));
        var wide = Text($"{{{string.Join(',', Enumerable.Range(0, 9_994).Select(i => $"\"{i}\":0"))},{Order()[1..]}");
        var brackets = Text(Order(id: $"\"a\\\"{new string('[', 100)}\\\\\""));

        Assert.All([deep, wide, brackets], body =>
        {
            Assert.Null(_inspector.Inspect(Serializers.Envelope(body)));
            Assert.IsType<OrderCreated>(_serializer.Deserialize(AttributedMessage.Define<OrderCreated>(), body));
        });
    }

    private MessageRejectedException Reject<TMessage>(byte[] body)
        where TMessage : notnull
    {
        if (_inspector.Inspect(Serializers.Envelope(body)) is { } defect)
            return new MessageRejectedException(defect.Code, defect.Detail);
        return Assert.Throws<MessageRejectedException>(() => _serializer.Deserialize(AttributedMessage.Define<TMessage>(), body));
    }

    private static string Order(string id = "\"1\"", string count = "1", string weight = "1", string placedAt = "2026-11-21T00:00:00Z", string lines = "[]") =>
        $$"""{"orderId":{{id}},"count":{{count}},"total":1,"weight":{{weight}},"placedAt":"{{placedAt}}","lines":{{lines}}}""";

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
