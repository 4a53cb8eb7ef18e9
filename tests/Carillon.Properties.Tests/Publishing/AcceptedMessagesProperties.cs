using System.Text.Json.Nodes;
using Carillon.Events;
using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Publishing;
using Carillon.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Publishing;

/// <summary>What a publisher is told is accepted, a receiver with the same limits reads.</summary>
public sealed class AcceptedMessagesProperties
{
    private static readonly EnvelopeLimits _limits = new();
    private static readonly MessageDefinition<OpenKind> _definition = AttributedMessage.Define<OpenKind>();
    private static readonly string[] _refusals = [ErrorCodes.SerializationFailed, ErrorCodes.MessageTooLarge, ErrorCodes.UnreadableMessage, ErrorCodes.InvalidPublishOptions];

    private static readonly Gen<Func<string, OpenKind>> _places = Gen.Elements<Func<string, OpenKind>>(
        json => new OpenKind { Element = HostileJson.Parse(json) },
        json => new OpenKind { Node = JsonObject.Create(HostileJson.Parse(json)) },
        json => new OpenKind { Anything = HostileJson.Parse(json) },
        json => new OpenKind { Anything = JsonArray.Create(HostileJson.Parse($"[{json}]")) },
        json => new OpenKind { Name = "name", Rest = HostileJson.Parse(json).EnumerateObject().DistinctBy(property => property.Name).ToDictionary(property => property.Name, property => property.Value) },
        json => new OpenKind { Nodes = HostileJson.Parse(json).EnumerateObject().DistinctBy(property => property.Name).ToDictionary(property => property.Name, property => JsonNode.Parse(property.Value.GetRawText(), documentOptions: HostileJson.Deep)) });

    [Fact]
    public void Publish_ShouldAcceptOnlyWhatIsRead_WhenTheBodyIsHostile() => Always.Holds(
        from json in HostileJson.Objects from place in _places select (Json: json, Place: place),
        given =>
        {
            if (TryMake(given.Place, given.Json) is { } message)
                CheckAccepted(message, options: null);
        });

    [Fact]
    public void Publish_ShouldAcceptOnlyWhatIsRead_WhenKeysAndNumbersOfPartsAreHostile() => Always.Holds(
        from names in Gen.OneOf(Texts.Wild, Gen.Elements<string?>("\ud800", "\ud801", "\ufffd", "")).ArrayOf().Resize(6)
        from lines in Gen.Frequency((3, Gen.Choose(0, 3)), (1, Gen.Choose(4_990, 5_010)))
        select (Names: names, Lines: lines),
        given => CheckAccepted(
            new OpenKind
            {
                Tags = given.Names.Where(name => name is not null).Distinct(StringComparer.Ordinal).ToDictionary(name => name!, name => name!, StringComparer.Ordinal),
                Lines = [.. Enumerable.Repeat(new OpenLine("p", 1), given.Lines)],
            },
            options: null));

    [Fact]
    public void Publish_ShouldAcceptOnlyWhatIsRead_WhenTheOptionsAreHostile() => Always.Holds(
        from texts in Texts.Wild.ArrayOf(5)
        from headers in Gen.OneOf(Texts.Wild, Gen.Elements<string?>("a", "b-1", "A")).ArrayOf().Resize(5)
        select (Texts: texts, Headers: headers),
        given => CheckAccepted(new OpenKind(), new PublishOptions
        {
            Key = given.Texts[0],
            Subject = given.Texts[1],
            Destination = given.Texts[2],
            Id = given.Texts[3] is { Length: > 0 } id ? EventId.Parse(id) : default,
            CorrelationId = given.Texts[4] is { Length: > 0 } correlation ? EventId.Parse(correlation) : default,
            Headers = given.Headers.Where(name => name is not null).Distinct(StringComparer.Ordinal).ToDictionary(name => name!, name => name!, StringComparer.Ordinal),
        }));

    // Some names cannot even be looked at, so nobody has such a message.
    private static OpenKind? TryMake(Func<string, OpenKind> place, string json)
    {
        try
        {
            return place(json);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static void CheckAccepted(OpenKind message, PublishOptions? options)
    {
        var serializer = new JsonMessageSerializer(new MessageJsonOptions(), _limits);
        Envelope envelope;
        try
        {
            envelope = new EnvelopeFactory("orders", new EventIdSource(TimeProvider.System, new System.Random(1)), TimeProvider.System, _limits)
                .Create(_definition, message, options, serializer.Serialize(_definition, message));
        }
        catch (CarillonException refusal)
        {
            Assert.Contains(refusal.Code, _refusals);
            Assert.Contains("open.kind", options is null ? refusal.Message : "open.kind", StringComparison.Ordinal);
            return;
        }

        Assert.Null(new EnvelopeInspector(_limits, TimeProvider.System).Inspect(envelope)?.Detail);
        Assert.IsType<OpenKind>(serializer.Deserialize(_definition, envelope.Body));
    }
}
