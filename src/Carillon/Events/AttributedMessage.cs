using System.Diagnostics.CodeAnalysis;

namespace Carillon.Events;

/// <summary>Reads the definition of a message type from its attributes, for types that the source generator did not see.</summary>
internal static class AttributedMessage
{
    /// <summary>Reads the definition of <typeparamref name="TMessage"/>.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.NotAMessage"/>.</exception>
    /// <exception cref="CarillonConfigurationException">The attributes contradict each other.</exception>
    public static MessageDefinition<TMessage> Define<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TMessage>()
        where TMessage : notnull
    {
        var attribute = AttributeOf(typeof(TMessage)) ?? throw NotAMessage(typeof(TMessage));
        var kind = attribute is CommandAttribute ? MessageKind.Command : MessageKind.Event;
        return new MessageDefinition<TMessage>(attribute.Name, kind, KeyOf<TMessage>())
        {
            Version = attribute.Version,
            Topic = attribute.Topic ?? attribute.Name,
            Priority = attribute.Priority,
        };
    }

    /// <summary>Whether a type says of itself that it is a message.</summary>
    public static bool IsMarked(Type type) => type.IsDefined(typeof(MessageAttribute), inherit: false);

    public static CarillonException NotAMessage(Type type) => new(ErrorCodes.NotAMessage,
        $"{type} is not a message: mark it with [Event(\"…\")] or [Command(\"…\")], or register it with AddMessage.");

    private static MessageAttribute? AttributeOf(Type type)
    {
        var attributes = (MessageAttribute[])type.GetCustomAttributes(typeof(MessageAttribute), inherit: false);
        return attributes.Length <= 1
            ? attributes.FirstOrDefault()
            : throw new CarillonConfigurationException(ErrorCodes.DuplicateMessageName, $"{type} is marked both as an event and as a command: keep one.");
    }

    private static Func<TMessage, string?>? KeyOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TMessage>()
    {
        var keys = KeyProperties.Of(typeof(TMessage));
        if (keys.Count > 1)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"{typeof(TMessage)} marks both {keys[0].Name} and {keys[1].Name} with [Key]: a message has one key.");
        }

        return keys.Count == 0 ? null : KeyReader.Create<TMessage>(keys[0]);
    }
}
