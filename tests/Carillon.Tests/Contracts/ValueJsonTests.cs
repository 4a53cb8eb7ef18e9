using System.Text.Json;
using System.Text.Json.Serialization;
using Carillon.Parking;
using Carillon.Tests.Serialization;
using Carillon.Transports;

namespace Carillon.Tests.Contracts;

/// <summary>What the values of the abstractions look like in JSON, in messages and in the answers of an API.</summary>
public sealed partial class ValueJsonTests
{
    private static readonly EventId _uuid = new(new Guid("0190a5b4-1234-7abc-8def-0123456789ab"));
    private static readonly EventId _text = EventId.Parse("order/1 \"ü\"");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Serialize_ShouldKeepIdsAndTopics_WhenTheyArePropertiesAndKeys(bool byReflection)
    {
        var options = byReflection ? JsonSerializerOptions.Web : new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = ValuesJsonContext.Default };
        var values = new Values(
            _uuid, default, null, [_text, _uuid], new() { [_text] = 1, [_uuid] = 2, [default] = 3 },
            TopicPattern.Parse("order.*"), new() { [TopicPattern.Parse("order.>")] = 4 }, new RoutedType(new HandledType("order.created", 2), "order.created"), Priority.High);

        var json = JsonSerializer.Serialize(values, options);
        var read = JsonSerializer.Deserialize<Values>(json, options)!;

        Assert.StartsWith($"{{\"id\":\"{_uuid}\",\"none\":\"\",\"maybe\":null,", json, StringComparison.Ordinal);
        Assert.Contains("\"pattern\":\"order.*\"", json, StringComparison.Ordinal);
        Assert.Equal((values.Id, values.None, values.Maybe, values.Pattern, values.Type, values.Priority), (read.Id, read.None, read.Maybe, read.Pattern, read.Type, read.Priority));
        Assert.Equal(values.Many, read.Many);
        Assert.Equal(values.Counts, read.Counts);
        Assert.Equal(values.Topics, read.Topics);
    }

    [Theory]
    [InlineData("""{"id":1}""")]
    [InlineData("""{"id":null}""")]
    [InlineData("""{"id":{"isEmpty":false}}""")]
    [InlineData("""{"pattern":"a..b"}""")]
    [InlineData("""{"pattern":null}""")]
    [InlineData("""{"topics":{"a b":1}}""")]
    public void Deserialize_ShouldRefuse_WhenTheTextIsNoValue(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Values>(json, JsonSerializerOptions.Web));

    [Fact]
    public void Serialize_ShouldKeepAWholeDeadLetter_WhenAnApiReturnsIt()
    {
        var envelope = Serializers.Envelope("{}"u8.ToArray(), plain => plain with
        {
            CorrelationId = _uuid,
            CausationId = _text,
            Priority = Priority.High,
            Headers = new Dictionary<string, string> { ["tenant"] = "a" },
            Defect = new EnvelopeDefect(ErrorCodes.MalformedBody, "no JSON"),
        });
        var letter = new DeadLetter(7, "shop", envelope, ErrorCodes.HandlerFailed, "why", [new FailedAttempt(1, DateTimeOffset.UnixEpoch, "H", "E", "m", null)], DateTimeOffset.UnixEpoch, 3);

        var json = JsonSerializer.Serialize(letter, JsonSerializerOptions.Web);
        var read = JsonSerializer.Deserialize<DeadLetter>(json, JsonSerializerOptions.Web)!;

        Assert.Equal(letter.Attempts, read.Attempts);
        Assert.Equal(envelope.Headers!, read.Envelope.Headers!);
        Assert.Equal(envelope.Body.ToArray(), read.Envelope.Body.ToArray());
        Assert.Equal(
            letter with { Attempts = [], Envelope = envelope with { Headers = null, Body = default } },
            read with { Attempts = [], Envelope = read.Envelope with { Headers = null, Body = default } });
    }

    [Fact]
    public void Serialize_ShouldKeepTheId_WhenItIsInAMessage()
    {
        var serializer = Serializers.Create();

        var body = serializer.Serialize(new Refunded(_uuid, new() { [_text] = 1 }));
        var read = serializer.Deserialize<Refunded>(System.Text.Encoding.UTF8.GetString(body.Span));

        Assert.Equal(_uuid, read.Payment);
        Assert.Equal(1, read.Lines[_text]);
    }

    internal sealed record Values(
        EventId Id,
        EventId None,
        EventId? Maybe,
        List<EventId> Many,
        Dictionary<EventId, int> Counts,
        TopicPattern Pattern,
        Dictionary<TopicPattern, int> Topics,
        RoutedType Type,
        Priority Priority);

    [Event("payment.refunded")]
    internal sealed record Refunded(EventId Payment, Dictionary<EventId, int> Lines);

    [JsonSerializable(typeof(Values))]
    internal sealed partial class ValuesJsonContext : JsonSerializerContext;
}
