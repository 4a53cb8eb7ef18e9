using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Carillon.Transports;

namespace Carillon.Events;

/// <summary>
/// The message types of one service. What comes from the wire is looked up by name in a map that is frozen at start (G8); what is
/// published is looked up by type, and a type that was not registered is read from its attributes once.
/// </summary>
internal sealed class MessageCatalog
{
    private readonly MessageSlots<MessageDefinition> _slots = new();
    private readonly ConcurrentDictionary<Type, MessageDefinition> _byType = new();
    private readonly FrozenDictionary<(string Name, int Version), MessageDefinition> _byName;

    /// <summary>Builds the catalog. A type may be registered several times, always in the same way.</summary>
    /// <exception cref="CarillonConfigurationException">
    /// With <see cref="ErrorCodes.DuplicateMessageName"/> or <see cref="ErrorCodes.InvalidName"/>.
    /// </exception>
    public MessageCatalog(IEnumerable<MessageDefinition> definitions)
    {
        var byName = new Dictionary<(string Name, int Version), MessageDefinition>();
        foreach (var definition in definitions)
        {
            Check(definition);
            if (_byType.TryGetValue(definition.ClrType, out var same))
                RefuseDifference(same, definition);
            else
                Register(byName, definition);
        }

        _byName = byName.ToFrozenDictionary();
    }

    /// <summary>The definitions that were registered.</summary>
    public IReadOnlyCollection<MessageDefinition> Registered => _byName.Values;

    /// <summary>The definition of a message type.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.NotAMessage"/>.</exception>
    public MessageDefinition<TMessage> Get<TMessage>()
        where TMessage : notnull =>
        _slots.Get<TMessage>() is { } definition ? Unsafe.As<MessageDefinition<TMessage>>(definition) : Learn<TMessage>();

    /// <summary>The definition of a type that is only known at run time.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.NotAMessage"/>.</exception>
    public MessageDefinition Get(Type type) => Find(type) ?? Learn(type);

    /// <summary>The registered message of this name and version, or null. An unknown version is null too; 0 means 1.</summary>
    public MessageDefinition? Find(string name, int version) => _byName.GetValueOrDefault((name, Math.Max(version, 1)));

    /// <summary>The definition of a type that was registered or used before, or null.</summary>
    public MessageDefinition? Find(Type type) => _byType.GetValueOrDefault(type);

    /// <summary>Whether the type is, or says of itself that it is, a message.</summary>
    public bool IsMessage(Type type) => _byType.ContainsKey(type) || AttributedMessage.IsMarked(type);

    private static void Check(MessageDefinition definition)
    {
        if (!MessageName.IsValid(definition.Name))
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidName,
                $"{definition.ClrType} is called \"{definition.Name}\" on the wire: write words of letters, digits, '-' and '_' separated by dots, at most {MessageName.MaxCharacters} characters, and no name of a CLR type.");
        }

        if (!TopicPattern.IsTopic(definition.Topic))
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidName,
                $"{definition.ClrType} goes to the topic \"{definition.Topic}\": write words of letters, digits, '-' and '_' separated by dots, without wildcards.");
        }

        if (definition.Version < 1)
            throw new CarillonConfigurationException(ErrorCodes.InvalidName, $"{definition.ClrType} has version {definition.Version}: versions begin with 1.");
    }

    private static void RefuseDifference(MessageDefinition first, MessageDefinition second)
    {
        if (Describe(first) != Describe(second))
        {
            throw new CarillonConfigurationException(ErrorCodes.DuplicateMessageName,
                $"{first.ClrType} is registered twice in different ways: {Describe(first)}, and {Describe(second)}.");
        }
    }

    private static string Describe(MessageDefinition definition) =>
        $"{definition.Kind} {definition.Name} version {definition.Version} on topic {definition.Topic}, priority {definition.Priority}, {(definition.HasKey ? "with" : "without")} key";

    private static void RefuseSecondType(MessageDefinition first, MessageDefinition second) =>
        throw new CarillonConfigurationException(ErrorCodes.DuplicateMessageName,
            $"{first.ClrType} and {second.ClrType} are both called {second.Name} version {second.Version}: give one of them another name or version.");

    private void Register(Dictionary<(string Name, int Version), MessageDefinition> byName, MessageDefinition definition)
    {
        if (!byName.TryAdd((definition.Name, definition.Version), definition))
            RefuseSecondType(byName[(definition.Name, definition.Version)], definition);
        Keep(definition);
    }

    private void Keep(MessageDefinition definition)
    {
        _byType[definition.ClrType] = definition;
        definition.Accept(SlotFiller.Instance, _slots);
    }

    private MessageDefinition<TMessage> Learn<TMessage>()
        where TMessage : notnull
    {
        // Trimming may have removed the properties of a type that nobody registered, its key among them: then order would be lost silently.
        if (!ReflectionFeature.IsEnabled)
            throw AttributedMessage.NotAMessage(typeof(TMessage));
        return (MessageDefinition<TMessage>)Learn(LearnByReflection<TMessage>());
    }

    private MessageDefinition Learn(Type type)
    {
        if (!ReflectionFeature.IsEnabled || type.ContainsGenericParameters)
            throw AttributedMessage.NotAMessage(type);
        return Learn(LearnByReflection(type));
    }

    private MessageDefinition Learn(MessageDefinition definition)
    {
        Check(definition);
        if (Find(definition.Name, definition.Version) is { } other && other.ClrType != definition.ClrType)
            RefuseSecondType(other, definition);
        definition = _byType.GetOrAdd(definition.ClrType, definition);
        Keep(definition);
        return definition;
    }

    [RequiresUnreferencedCode("Reads the attributes of a type that was not registered.")]
    private static MessageDefinition<TMessage> LearnByReflection<TMessage>()
        where TMessage : notnull => AttributedMessage.Define<TMessage>();

    [RequiresUnreferencedCode("Reads the attributes of a type that was not registered.")]
    [RequiresDynamicCode("Makes the definition of a type that is known at run time only.")]
    private static MessageDefinition LearnByReflection(Type type)
    {
        if (!AttributedMessage.IsMarked(type))
            throw AttributedMessage.NotAMessage(type);
        var define = typeof(AttributedMessage).GetMethod(nameof(AttributedMessage.Define), BindingFlags.Static | BindingFlags.Public)!;
        return (MessageDefinition)define.MakeGenericMethod(type).Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null)!;
    }

    private sealed class SlotFiller : IMessageVisitor<MessageSlots<MessageDefinition>, bool>
    {
        public static readonly SlotFiller Instance = new();

        public bool Visit<TMessage>(MessageDefinition<TMessage> definition, MessageSlots<MessageDefinition> state)
            where TMessage : notnull
        {
            state.Set<TMessage>(definition);
            return true;
        }
    }
}
