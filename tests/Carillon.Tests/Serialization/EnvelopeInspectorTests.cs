using System.Collections.Frozen;
using System.Text;
using Carillon.Serialization;
using Carillon.Tests.Events;

namespace Carillon.Tests.Serialization;

public sealed class EnvelopeInspectorTests
{
    private readonly StoppedTime _time = new();
    private readonly EnvelopeInspector _inspector;

    public EnvelopeInspectorTests() => _inspector = new EnvelopeInspector(new EnvelopeLimits(), _time);

    public static TheoryData<string, Func<Envelope, Envelope>, string> BadEnvelopes => new()
    {
        { "09 the transport's own finding", e => e with { Type = null, Defect = new EnvelopeDefect(ErrorCodes.InvalidAttribute, "specversion") }, ErrorCodes.InvalidAttribute },
        { "20 no type", e => e with { Type = null }, ErrorCodes.TypeMissing },
        { "20 empty type", e => e with { Type = "" }, ErrorCodes.TypeMissing },
        { "22 assembly-qualified", e => e with { Type = "System.Diagnostics.Process, System" }, ErrorCodes.TypeNameOnWire },
        { "22 assembly-qualified, own", e => e with { Type = "Shop.Order, Shop, Version=1.0.0.0" }, ErrorCodes.TypeNameOnWire },
        { "22 class library", e => e with { Type = "System.String" }, ErrorCodes.TypeNameOnWire },
        { "22 generic", e => e with { Type = "Shop.Box`1" }, ErrorCodes.TypeNameOnWire },
        { "22 generic arguments", e => e with { Type = "Shop.Box[[Shop.Order]]" }, ErrorCodes.TypeNameOnWire },
        { "23 type of 1 MB", e => e with { Type = new string('t', 1024 * 1024) }, ErrorCodes.InvalidAttribute },
        { "23 type of 201", e => e with { Type = new string('t', 201) }, ErrorCodes.InvalidAttribute },
        { "23 type with NUL", e => e with { Type = "order\0created" }, ErrorCodes.InvalidAttribute },
        { "23 type with line break", e => e with { Type = "order.created\r\nx: y" }, ErrorCodes.InvalidAttribute },
        { "25 no id", e => e with { Id = default }, ErrorCodes.InvalidAttribute },
        { "26 id of 1 KB", e => e with { Id = EventId.Parse(new string('i', 1024)) }, ErrorCodes.InvalidAttribute },
        { "26 id with line break", e => e with { Id = EventId.Parse("a\nb") }, ErrorCodes.InvalidAttribute },
        { "34 no source", e => e with { Source = null }, ErrorCodes.InvalidAttribute },
        { "34 empty source", e => e with { Source = "" }, ErrorCodes.InvalidAttribute },
        { "34 long source", e => e with { Source = new string('s', 513) }, ErrorCodes.InvalidAttribute },
        { "34 source with NUL", e => e with { Source = "/a\0b" }, ErrorCodes.InvalidAttribute },
        { "empty key", e => e with { Key = "" }, ErrorCodes.InvalidAttribute },
        { "long key", e => e with { Key = new string('k', 513) }, ErrorCodes.InvalidAttribute },
        { "key with DEL", e => e with { Key = "a\u007Fb" }, ErrorCodes.InvalidAttribute },
        { "long correlation", e => e with { CorrelationId = EventId.Parse(new string('c', 257)) }, ErrorCodes.InvalidAttribute },
        { "long causation", e => e with { CausationId = EventId.Parse(new string('c', 257)) }, ErrorCodes.InvalidAttribute },
        { "long subject", e => e with { Subject = new string('s', 1025) }, ErrorCodes.InvalidAttribute },
        { "long topic", e => e with { Topic = new string('t', 201) }, ErrorCodes.InvalidAttribute },
        { "negative version", e => e with { Version = -1 }, ErrorCodes.InvalidAttribute },
        { "unknown kind", e => e with { Kind = (MessageKind)9 }, ErrorCodes.InvalidAttribute },
        { "unknown priority", e => e with { Priority = (Priority)9 }, ErrorCodes.InvalidAttribute },
        { "01 empty body", e => e with { Body = default }, ErrorCodes.EmptyBody },
        { "33 text", e => e with { ContentType = "text/plain" }, ErrorCodes.UnknownContentType },
        { "33 suffix only", e => e with { ContentType = "+json" }, ErrorCodes.UnknownContentType },
        { "33 no subtype", e => e with { ContentType = "application/+json" }, ErrorCodes.UnknownContentType },
        { "33 like JSON", e => e with { ContentType = "application/jsonx" }, ErrorCodes.UnknownContentType },
        { "33 binary", e => e with { ContentType = "application/x-protobuf" }, ErrorCodes.UnknownContentType },
        { "07 UTF-16 by name", e => e with { ContentType = "application/json; charset=utf-16" }, ErrorCodes.UnknownContentType },
        { "33 a second charset", e => e with { ContentType = "application/json; charset=utf-8; charset=latin1" }, ErrorCodes.UnknownContentType },
        { "33 long", e => e with { ContentType = "application/json; " + new string('p', 300) }, ErrorCodes.InvalidAttribute },
        { "28 65 headers", e => e with { Headers = Headers(65, 1) }, ErrorCodes.HeaderLimit },
        { "28 1,000 headers", e => e with { Headers = Headers(1000, 1) }, ErrorCodes.HeaderLimit },
        { "28 64 KB header", e => e with { Headers = Headers(1, 64 * 1024) }, ErrorCodes.HeaderLimit },
        { "28 64 KB name", e => e with { Headers = new Dictionary<string, string> { [new string('n', 64 * 1024)] = "" } }, ErrorCodes.HeaderLimit },
        { "28 too much together", e => e with { Headers = Headers(20, 2000) }, ErrorCodes.HeaderLimit },
        { "29 name with line break", e => e with { Headers = Header("a\r\nb") }, ErrorCodes.HeaderLimit },
        { "29 name with NUL", e => e with { Headers = Header("a\0b") }, ErrorCodes.HeaderLimit },
        { "29 name not ASCII", e => e with { Headers = Header("grün") }, ErrorCodes.HeaderLimit },
        { "29 name with space", e => e with { Headers = Header("a b") }, ErrorCodes.HeaderLimit },
        { "29 empty name", e => e with { Headers = Header("") }, ErrorCodes.HeaderLimit },
        { "29 value with line break", e => e with { Headers = Header("a", "b\r\nc: d") }, ErrorCodes.HeaderLimit },
        { "29 frozen", e => e with { Headers = new Dictionary<string, string> { ["a\nb"] = "" }.ToFrozenDictionary() }, ErrorCodes.HeaderLimit },
        { "30 names that differ by case", e => e with { Headers = new Dictionary<string, string> { ["Tenant"] = "a", ["tenant"] = "b" } }, ErrorCodes.HeaderLimit },
        { "expired", e => e with { ExpiryTime = StoppedTime.Start - TimeSpan.FromTicks(1) }, ErrorCodes.Expired },
    };

    public static TheoryData<string, Func<Envelope, Envelope>> GoodEnvelopes => new()
    {
        { "plain", e => e },
        { "type of another framework", e => e with { Type = "com.github.pull_request/opened" } },
        { "type that only begins alike", e => e with { Type = "system.started" } },
        { "type of 200", e => e with { Type = new string('t', 200) } },
        { "id of another form", e => e with { Id = EventId.Parse("A234-1234-1234") } },
        { "id of 256", e => e with { Id = EventId.Parse(new string('i', 256)) } },
        { "32 malformed traceparent", e => e with { TraceParent = "00-zzz", TraceState = "\n" } },
        { "no content type", e => e with { ContentType = null } },
        { "JSON of a kind", e => e with { ContentType = "application/vnd.shop.order+json" } },
        { "charset", e => e with { ContentType = "Application/JSON ; Charset=\"UTF-8\"; profile=x" } },
        { "no key", e => e with { Key = null } },
        { "key of 512", e => e with { Key = new string('k', 512) } },
        { "64 headers", e => e with { Headers = Headers(64, 100) } },
        { "header of the limit", e => e with { Headers = Headers(1, 4096) } },
        { "headers in upper case", e => e with { Headers = new Dictionary<string, string> { ["Tenant"] = "ä", ["X"] = "" } } },
        { "expires now", e => e with { ExpiryTime = StoppedTime.Start } },
        { "no version", e => e with { Version = 0 } },
    };

    [Theory]
    [MemberData(nameof(BadEnvelopes))]
    public void Inspect_ShouldFindTheDefect_WhenTheEnvelopeHas(string name, Func<Envelope, Envelope> change, string code)
    {
        var defect = _inspector.Inspect(Serializers.Envelope("{}"u8.ToArray(), change));

        Assert.NotNull(defect);
        Assert.Equal((name, code), (name, defect.Code));
        Assert.InRange(defect.Detail.Length, 1, 300);
    }

    [Theory]
    [MemberData(nameof(GoodEnvelopes))]
    public void Inspect_ShouldFindNothing_WhenTheEnvelopeHas(string name, Func<Envelope, Envelope> change) =>
        Assert.Equal((name, null), (name, _inspector.Inspect(Serializers.Envelope("{}"u8.ToArray(), change))));

    [Fact]
    public void Inspect_ShouldReportTheTransportsDefect_WhenThereIsOne()
    {
        var defect = new EnvelopeDefect(ErrorCodes.InvalidAttribute, "specversion is missing");

        Assert.Same(defect, _inspector.Inspect(new Envelope { Defect = defect }));
    }

    [Fact]
    public void Inspect_ShouldAllocateNothing_WhenTheEnvelopeIsGood()
    {
        var envelope = Serializers.Envelope(Encoding.UTF8.GetBytes($"[{new string(' ', 100)}{string.Concat(Enumerable.Repeat("[],", 100))}{{}}]"), e => e with
        {
            Headers = Headers(5, 10),
            ExpiryTime = StoppedTime.Start,
            CorrelationId = EventId.Parse("some text"),
        });
        Assert.Null(_inspector.Inspect(envelope));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            _inspector.Inspect(envelope);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Inspect_ShouldFollowTheLimits_WhenTheyAreChanged()
    {
        var inspector = new EnvelopeInspector(new EnvelopeLimits { Depth = 2, Properties = 1, Headers = 0 }, _time);

        Assert.Null(inspector.Inspect(Serializers.Envelope("""{"a":[1]}"""u8.ToArray())));
        Assert.Equal(ErrorCodes.TooDeep, inspector.Inspect(Serializers.Envelope("[[[]]]"u8.ToArray()))!.Code);
        Assert.Equal(ErrorCodes.TooManyProperties, inspector.Inspect(Serializers.Envelope("""{"a":1,"b":2}"""u8.ToArray()))!.Code);
        Assert.Equal(ErrorCodes.HeaderLimit, inspector.Inspect(Serializers.Envelope("{}"u8.ToArray(), e => e with { Headers = Headers(1, 1) }))!.Code);
    }

    private static Dictionary<string, string> Header(string name, string value = "value") => new() { [name] = value };

    private static Dictionary<string, string> Headers(int count, int length) =>
        Enumerable.Range(0, count).ToDictionary(i => $"h{i}", _ => new string('v', length));
}
