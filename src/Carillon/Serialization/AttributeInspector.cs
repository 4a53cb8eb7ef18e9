using System.Buffers;
using Carillon.Events;
using Carillon.Transports;

namespace Carillon.Serialization;

/// <summary>Checks the CloudEvents attributes of a received message.</summary>
internal sealed class AttributeInspector(EnvelopeLimits limits)
{
    private const int ContentTypeCharacters = 256;

    internal static readonly SearchValues<char> Control =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Select(code => (char)code)]);

    public EnvelopeDefect? Inspect(in Envelope envelope) =>
        InspectType(envelope.Type)
        ?? InspectId("id", envelope.Id, isRequired: true)
        ?? InspectText("source", envelope.Source, limits.SourceCharacters, isRequired: true)
        ?? InspectVersion(envelope)
        ?? InspectId("correlationid", envelope.CorrelationId, isRequired: false)
        ?? InspectId("causationid", envelope.CausationId, isRequired: false)
        ?? InspectText("partitionkey", envelope.Key, EnvelopeLimits.KeyCharacters, isRequired: false)
        ?? InspectText("subject", envelope.Subject, limits.SubjectCharacters, isRequired: false)
        ?? InspectText("topic", envelope.Topic, MessageName.MaxCharacters, isRequired: false)
        ?? InspectText("destination", envelope.Destination, MessageName.MaxCharacters, isRequired: false)
        ?? InspectContentType(envelope.ContentType);

    private static EnvelopeDefect? InspectType(string? type)
    {
        if (string.IsNullOrEmpty(type))
            return new EnvelopeDefect(ErrorCodes.TypeMissing, "The attribute type is missing.");
        if (InspectText("type", type, MessageName.MaxCharacters, isRequired: true) is { } defect)
            return defect;
        return MessageName.IsClrTypeName(type)
            ? new EnvelopeDefect(ErrorCodes.TypeNameOnWire, "The attribute type names a CLR type where a wire name such as order.created belongs; nothing was loaded.")
            : null;
    }

    private EnvelopeDefect? InspectId(string attribute, EventId id, bool isRequired) =>
        id.TryGetUuid(out _) ? null : InspectText(attribute, id.IsEmpty ? null : id.ToString(), limits.IdCharacters, isRequired);

    private static EnvelopeDefect? InspectVersion(in Envelope envelope)
    {
        if (envelope.Version < 0)
            return Invalid("carillonversion", "is negative");
        if (envelope.Kind > MessageKind.Command)
            return Invalid("carillonkind", "is neither event nor command");
        return envelope.Priority > Priority.High ? Invalid("priority", "is unknown") : null;
    }

    private static EnvelopeDefect? InspectContentType(string? contentType)
    {
        if (contentType is null)
            return null;
        if (InspectText("datacontenttype", contentType, ContentTypeCharacters, isRequired: false) is { } defect)
            return defect;
        return ContentTypes.IsJson(contentType)
            ? null
            : new EnvelopeDefect(ErrorCodes.UnknownContentType, "The attribute datacontenttype is not JSON in UTF-8: application/json, or a type that ends in +json.");
    }

    private static EnvelopeDefect? InspectText(string attribute, string? text, int limit, bool isRequired)
    {
        if (text is null)
            return isRequired ? Invalid(attribute, "is missing") : null;
        if (text.Length == 0)
            return Invalid(attribute, "is empty");
        if (text.Length > limit)
            return Invalid(attribute, $"has {text.Length} characters; the limit is {limit}");
        if (text.AsSpan().ContainsAny(Control))
            return Invalid(attribute, "holds control characters");
        return StorableText.IsStorable(text) ? null : Invalid(attribute, "holds half of a surrogate pair");
    }

    private static EnvelopeDefect Invalid(string attribute, string what) => new(ErrorCodes.InvalidAttribute, $"The attribute {attribute} {what}.");
}
