namespace Carillon.Transports;

/// <summary>A type of message and the topic of events that it came by: together they say which handlers a message is for.</summary>
/// <param name="Type">The type.</param>
/// <param name="Topic">The topic; empty for a message that came by none, and for a command, which is for the handler of its type alone.</param>
public readonly record struct RoutedType(HandledType Type, string Topic)
{
    // What is longer no handler takes, and no index need hold.
    private const int CharactersMax = 200;
    private const char Separator = '@';

    /// <summary>What a message is, or null when nobody could handle it: it says no type, or its type or topic is longer than any may be.</summary>
    public static RoutedType? Of(in Envelope envelope) => Of(envelope.Type, envelope.Version, envelope.Kind, envelope.Topic);

    /// <summary>The same, where only this much of a message is at hand.</summary>
    public static RoutedType? Of(string? type, int version, MessageKind kind, string? topic)
    {
        var cameBy = kind == MessageKind.Command ? "" : topic ?? "";
        return type is { Length: > 0 and <= CharactersMax } && cameBy.Length <= CharactersMax ? new RoutedType(new HandledType(type, Math.Max(version, 1)), cameBy) : null;
    }

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    /// <exception cref="FormatException">It was not written by that.</exception>
    public static RoutedType Parse(string text)
    {
        var separator = text.LastIndexOf(Separator);
        return separator > 0
            ? new RoutedType(HandledType.Parse(text[..separator]), text[(separator + 1)..].Replace("%40", "@", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal))
            : throw new FormatException($"\"{text}\" is not a type and a topic joined by an at sign.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}{Separator}{Topic.Replace("%", "%25", StringComparison.Ordinal).Replace("@", "%40", StringComparison.Ordinal)}";
}
