namespace Carillon.Transports;

/// <summary>What one instance of a subscription can handle: types with their versions, or everything.</summary>
/// <remarks>Instances of several versions of a service tell each other by this who can handle what (<see cref="PartitionSharing"/>).</remarks>
public sealed class HandledTypes
{
    private const string EverythingText = "*";

    private readonly HashSet<HandledType> _types;

    /// <summary>Creates a set of types.</summary>
    public HandledTypes(IEnumerable<HandledType> types) => _types = [.. types];

    /// <summary>Every message, of whatever type.</summary>
    public static HandledTypes Everything { get; } = new([]) { IsEverything = true };

    /// <summary>Whether every message is handled, of whatever type.</summary>
    public bool IsEverything { get; private init; }

    /// <summary>Whether messages of a type are handled.</summary>
    public bool Contains(HandledType type) => IsEverything || _types.Contains(type);

    /// <summary>Whether a message is handled. One that says no type is left to whoever has it: nobody else could do more.</summary>
    public bool Contains(in Envelope envelope) => IsEverything || HandledType.Of(envelope) is not { } type || _types.Contains(type);

    /// <summary>Whether all that <paramref name="other"/> handles is handled here too.</summary>
    public bool Includes(HandledTypes other) => IsEverything || (!other.IsEverything && other._types.IsSubsetOf(_types));

    /// <summary>Whether exactly the same is handled.</summary>
    public bool IsSameAs(HandledTypes other) => IsEverything == other.IsEverything && _types.SetEquals(other._types);

    /// <summary>What is handled here and not by <paramref name="other"/>, in the order of names, for people.</summary>
    public IReadOnlyList<string> Except(HandledTypes other) => other.IsEverything ? [] : IsEverything ? [EverythingText] : Texts(_types.Except(other._types));

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    /// <exception cref="FormatException">It was not written by that.</exception>
    public static HandledTypes Parse(string text) => text == EverythingText
        ? Everything
        : new HandledTypes(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(HandledType.Parse));

    /// <inheritdoc/>
    public override string ToString() => IsEverything ? EverythingText : string.Join(' ', Texts(_types));

    private static IReadOnlyList<string> Texts(IEnumerable<HandledType> types) => [.. types.Select(type => type.ToString()).Order(StringComparer.Ordinal)];
}
