namespace Carillon.Transports;

/// <summary>Which messages a handler takes: those of one type, those of the topics of a pattern, or those that are both.</summary>
/// <param name="Type">The type, or null for messages of any.</param>
/// <param name="Topics">The topics, or null for whatever topic a message came by.</param>
public readonly record struct HandlerScope(HandledType? Type, TopicPattern? Topics)
{
    private const string AnyType = "*";
    private const char Separator = '@';

    /// <summary>Whether the handler takes messages of a type that come by its topic.</summary>
    public bool Contains(in RoutedType message) => (Type is not { } type || type == message.Type) && (Topics is not { } topics || topics.Matches(message.Topic));

    /// <summary>Whether it takes all that another one takes.</summary>
    public bool Includes(in HandlerScope other) =>
        (Type is not { } type || type == other.Type) && (Topics is not { } topics || (other.Topics is { } others && topics.Includes(others)));

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    /// <exception cref="FormatException">It was not written by that.</exception>
    public static HandlerScope Parse(string text)
    {
        var separator = text.LastIndexOf(Separator);
        var type = separator < 0 ? text : text[..separator];
        return new HandlerScope(
            type == AnyType ? null : HandledType.Parse(type),
            separator < 0 ? null : TopicPattern.TryParse(text[(separator + 1)..]) ?? throw new FormatException($"\"{text}\" does not end with a pattern of topics."));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Type is { } type ? type.ToString() : AnyType)}{(Topics is { } topics ? $"{Separator}{topics}" : "")}";
}
