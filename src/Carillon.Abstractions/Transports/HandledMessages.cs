namespace Carillon.Transports;

/// <summary>What one instance of a subscription can handle: what each of its handlers takes, or everything.</summary>
/// <remarks>Instances of several versions of a service tell each other by this who can handle what (<see cref="PartitionSharing"/>).</remarks>
public sealed class HandledMessages
{
    private readonly HashSet<HandlerScope> _scopes;
    private readonly HashSet<HandledType> _types;
    private readonly HandlerScope[] _ofTopics;

    /// <summary>Creates what several handlers take together.</summary>
    public HandledMessages(IEnumerable<HandlerScope> scopes)
    {
        _scopes = [.. scopes];
        _types = [.. _scopes.Where(static scope => scope.Topics is null).Select(static scope => scope.Type).OfType<HandledType>()];
        _ofTopics = [.. _scopes.Where(static scope => scope.Topics is not null)];
        IsEverything = _scopes.Contains(default);
    }

    /// <summary>Every message, of whatever type and topic.</summary>
    public static HandledMessages Everything { get; } = new([default]);

    /// <summary>Whether every message is handled, of whatever type and topic.</summary>
    public bool IsEverything { get; }

    /// <summary>What is handled when messages of these types are, whatever topic they come by.</summary>
    public static HandledMessages OfTypes(params IEnumerable<HandledType> types) => new(types.Select(static type => new HandlerScope(type, null)));

    /// <summary>Whether messages of a type are handled that come by its topic.</summary>
    public bool Contains(in RoutedType message)
    {
        if (IsEverything || _types.Contains(message.Type))
            return true;
        foreach (var scope in _ofTopics)
        {
            if (scope.Contains(message))
                return true;
        }

        return false;
    }

    /// <summary>Whether a message is handled. One that nobody could handle is left to whoever has it.</summary>
    public bool Contains(in Envelope envelope) => IsEverything || RoutedType.Of(envelope) is not { } message || Contains(message);

    /// <summary>Whether all that <paramref name="other"/> handles is handled here too.</summary>
    public bool Includes(HandledMessages other) => other._scopes.All(Includes);

    /// <summary>Whether exactly the same is handled.</summary>
    public bool IsSameAs(HandledMessages other) => Includes(other) && other.Includes(this);

    /// <summary>What is handled here and not by <paramref name="other"/>, in the order of names, for people.</summary>
    public IReadOnlyList<string> Except(HandledMessages other) => Texts(_scopes.Where(scope => !other.Includes(scope)));

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    /// <exception cref="FormatException">It was not written by that.</exception>
    public static HandledMessages Parse(string text) => new(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(HandlerScope.Parse));

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Texts(_scopes));

    private bool Includes(HandlerScope other) => _scopes.Any(scope => scope.Includes(other));

    private static IReadOnlyList<string> Texts(IEnumerable<HandlerScope> scopes) => [.. scopes.Select(scope => scope.ToString()).Order(StringComparer.Ordinal)];
}
