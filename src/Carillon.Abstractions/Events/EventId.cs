using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Carillon;

/// <summary>
/// The id of a message (CloudEvents 1.0 §3.1 <c>id</c>), unique within its source. Carillon makes UUIDs of version 7 (RFC 9562 §5.7);
/// other producers may use any text. Two ids are equal when their texts are equal. In JSON it is that text, "" for the empty id.
/// </summary>
[JsonConverter(typeof(EventIdJsonConverter))]
public readonly struct EventId : IEquatable<EventId>
{
    private readonly Guid _uuid;
    private readonly string? _text;

    /// <summary>An id that is a UUID. Its text is the 36-character form in lower case.</summary>
    public EventId(Guid uuid) => _uuid = uuid;

    private EventId(string text) => _text = text;

    /// <summary>Whether there is no id: the default value.</summary>
    public bool IsEmpty => _text is null && _uuid == Guid.Empty;

    /// <summary>Reads an id of any form. Text that is exactly a lower-case UUID becomes one, except the UUID of zeros, which stays text; empty or null text gives the empty id.</summary>
    public static EventId Parse(string? text) => text switch
    {
        null or "" => default,
        { Length: 36 } when Guid.TryParseExact(text, "D", out var uuid) && uuid != Guid.Empty && IsCanonical(text) => new EventId(uuid),
        _ => new EventId(text),
    };

    /// <summary>The UUID, when the id is one.</summary>
    public bool TryGetUuid(out Guid uuid)
    {
        uuid = _uuid;
        return _text is null && _uuid != Guid.Empty;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? (_uuid == Guid.Empty ? "" : _uuid.ToString("D"));

    /// <inheritdoc/>
    public bool Equals(EventId other) => _uuid == other._uuid && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EventId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? _uuid.GetHashCode() : _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether two ids have the same text.</summary>
    public static bool operator ==(EventId left, EventId right) => left.Equals(right);

    /// <summary>Whether two ids have different texts.</summary>
    public static bool operator !=(EventId left, EventId right) => !left.Equals(right);

    private static bool IsCanonical(string text) => text.AsSpan().IndexOfAnyInRange('A', 'F') < 0;
}
