using System.Text;
using Carillon.Properties.Tests.Running;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Generating;

/// <summary>Envelopes in which any attribute may be anything.</summary>
internal static class Envelopes
{
    private static long _numbers;

    private static readonly Gen<EventId> _ids = Gen.Frequency(
        (1, Gen.Constant(default(EventId))),
        (3, Texts.Valid.Select(EventId.Parse)),
        (2, Gen.Elements(Guid.Empty, Guid.AllBitsSet, new Guid("0190a5b4-0000-7000-8000-00000000abcd")).Select(uuid => new EventId(uuid))),
        (1, Gen.Elements("0190A5B4-0000-7000-8000-00000000ABCD", "00000000-0000-0000-0000-000000000000", "{0190a5b4-0000-7000-8000-00000000abcd}").Select(EventId.Parse)));

    private static readonly Gen<IReadOnlyDictionary<string, string>?> _headers =
        from count in Gen.Frequency((3, Gen.Choose(0, 4)), (1, Gen.Choose(0, 70)))
        from names in Gen.CollectToArray(Enumerable.Repeat(Texts.Valid, count))
        from values in Gen.CollectToArray(Enumerable.Repeat(Texts.Valid, count))
        select (IReadOnlyDictionary<string, string>?)Headers(names, values);

    private static readonly Gen<ReadOnlyMemory<byte>> _bodies = Gen.Frequency(
        (3, Texts.Valid.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))),
        (3, Gen.Choose(0, 255).Select(number => (byte)number).ArrayOf().Select(bytes => (ReadOnlyMemory<byte>)bytes)),
        (1, Gen.Choose(0, 200_000).Select(length => (ReadOnlyMemory<byte>)new byte[length])),
        (1, Gen.Choose(1, 100).Select(length => new ReadOnlyMemory<byte>(new byte[length * 2], length / 2, length))));

    /// <summary>An envelope in which nothing is unusual, with an id that no other one has.</summary>
    public static Envelope Plain => new()
    {
        Id = new EventId(new Guid((int)Interlocked.Increment(ref _numbers), 1, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1)),
        Source = "/services/properties",
        Type = "sample.happened",
        Version = 1,
        Topic = "a.b",
        Priority = Priority.Normal,
        Time = new DateTimeOffset(2026, 11, 21, 10, 20, 30, TimeSpan.Zero),
        ContentType = "application/json",
        Body = "{}"u8.ToArray(),
    };

    /// <summary>Every attribute, as a change to an envelope.</summary>
    private static Gen<Func<Envelope, Envelope>>[] Attributes(Gen<string?> texts) =>
    [
        _ids.Select<EventId, Func<Envelope, Envelope>>(id => envelope => envelope with { Id = id }),
        texts.Select<string?, Func<Envelope, Envelope>>(text => envelope => envelope with { Source = text }),
        texts.Select<string?, Func<Envelope, Envelope>>(text => envelope => envelope with { Type = text }),
        Numbers.Int32.Select<int, Func<Envelope, Envelope>>(number => envelope => envelope with { Version = number }),
        texts.Select<string?, Func<Envelope, Envelope>>(text => envelope => envelope with { Topic = text }),
        texts.Select<string?, Func<Envelope, Envelope>>(text => envelope => envelope with { Destination = text }),
        texts.Select<string?, Func<Envelope, Envelope>>(text => envelope => envelope with { Key = text }),
        Gen.Elements(Enum.GetValues<Priority>()).Select<Priority, Func<Envelope, Envelope>>(priority => envelope => envelope with { Priority = priority }),
        texts.Select<string?, Func<Envelope, Envelope>>(text => envelope => envelope with { Subject = text }),
        Times.Any.Select<DateTimeOffset, Func<Envelope, Envelope>>(time => envelope => envelope with { Time = time }),
        Times.Any.Select<DateTimeOffset, Func<Envelope, Envelope>>(time => envelope => envelope with { ExpiryTime = time }),
        texts.Select<string?, Func<Envelope, Envelope>>(text => envelope => envelope with { ContentType = text }),
        _ids.Select<EventId, Func<Envelope, Envelope>>(id => envelope => envelope with { CorrelationId = id }),
        _ids.Select<EventId, Func<Envelope, Envelope>>(id => envelope => envelope with { CausationId = id }),
        texts.Select<string?, Func<Envelope, Envelope>>(text => envelope => envelope with { TraceParent = text }),
        texts.Select<string?, Func<Envelope, Envelope>>(text => envelope => envelope with { TraceState = text }),
        _headers.Select<IReadOnlyDictionary<string, string>?, Func<Envelope, Envelope>>(headers => envelope => envelope with { Headers = headers }),
        _bodies.Select<ReadOnlyMemory<byte>, Func<Envelope, Envelope>>(body => envelope => envelope with { Body = body }),
        (from code in Texts.Valid from detail in Texts.Valid select new EnvelopeDefect(code, detail))
            .Select<EnvelopeDefect, Func<Envelope, Envelope>>(defect => envelope => envelope with { Defect = defect }),
    ];

    /// <summary>Envelopes whose texts are valid Unicode: what can be published.</summary>
    public static Gen<Envelope> Valid { get; } = Of(Attributes(Texts.ValidOrNull));

    /// <summary>Envelopes with any attribute broken in any way.</summary>
    public static Gen<Envelope> Wild { get; } = Of([
        .. Attributes(Texts.Wild),
        Gen.Choose(0, 255).Select<int, Func<Envelope, Envelope>>(number => envelope => envelope with { Kind = (MessageKind)number }),
        Gen.Choose(0, 255).Select<int, Func<Envelope, Envelope>>(number => envelope => envelope with { Priority = (Priority)number }),
        Texts.Wild.Select<string?, Func<Envelope, Envelope>>(text => envelope => envelope with { Headers = new Dictionary<string, string> { [text ?? "none"] = text! } }),
    ]);

    /// <summary>Envelopes with one unusual attribute less.</summary>
    public static IEnumerable<Envelope> Simpler(Envelope envelope)
    {
        var plain = Plain;
        foreach (var attribute in typeof(Envelope).GetProperties())
        {
            object boxed = envelope;
            if (attribute.Name == nameof(Envelope.Id) || IsSame(attribute.GetValue(boxed), attribute.GetValue(plain)))
                continue;
            foreach (var value in Values(attribute.GetValue(boxed)).Prepend(attribute.GetValue(plain)))
            {
                attribute.SetValue(boxed, value);
                yield return (Envelope)boxed;
            }
        }
    }

    private static IEnumerable<object?> Values(object? value) => value switch
    {
        string text => Smaller.Texts(text),
        Dictionary<string, string> headers => Smaller.Sequences(headers.ToArray()).Select(some => some.ToDictionary()),
        _ => [],
    };

    private static bool IsSame(object? one, object? other) => one is ReadOnlyMemory<byte> bytes && other is ReadOnlyMemory<byte> others
        ? bytes.Span.SequenceEqual(others.Span)
        : Equals(one, other);

    private static Gen<Envelope> Of(Gen<Func<Envelope, Envelope>>[] attributes)
    {
        var changes = Gen.CollectToArray(attributes.Select(attribute => Gen.Frequency((2, Gen.Constant<Func<Envelope, Envelope>>(static envelope => envelope)), (1, attribute))));
        return changes.Select(chosen => chosen.Aggregate(Plain, static (envelope, change) => change(envelope)));
    }

    private static Dictionary<string, string> Headers(string[] names, string[] values)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in names.Zip(values))
            headers[name] = value;
        return headers;
    }
}
