using Carillon.Transports;

namespace Carillon.Testing.Histories;

/// <summary>What an observer outside of all processes has seen in one run: what was promised and what happened.</summary>
internal sealed class WorldHistory
{
    private readonly List<Effect> _effects = [];
    private readonly List<(string? Source, EventId Id)> _confirmed = [];
    private readonly HashSet<(string Subscription, HandlerScope Scope)> _handled = [];
    private readonly Dictionary<string, int> _rooms = [];
    private readonly HashSet<string> _skipping = new(StringComparer.Ordinal);
    private readonly HashSet<(string Subscription, string? Source, EventId Id)> _skipped = [];
    private readonly HashSet<(string Subscription, TopicPattern? Topics)> _ignoring = [];
    private readonly HashSet<string> _losing = new(StringComparer.Ordinal);
    private readonly List<Effect> _starts = [];

    /// <summary>What is being handled.</summary>
    public RunningHandlers Running { get; } = new();

    /// <summary>What was handled, in the order in which it was.</summary>
    public IReadOnlyList<Effect> Effects => _effects;

    /// <summary>The messages whose publisher was told that they are stored.</summary>
    public IReadOnlyList<(string? Source, EventId Id)> Confirmed => _confirmed;

    /// <summary>What handlers have begun with that run at most once.</summary>
    public IReadOnlyList<Effect> Starts => _starts;

    /// <summary>A handler that runs at most once begins.</summary>
    public void Begin(Effect effect) => _starts.Add(effect);

    /// <summary>A subscription handles at most once.</summary>
    public void DeclareLosing(string subscription) => _losing.Add(subscription);

    /// <summary>Whether a subscription may lose messages, because it handles at most once.</summary>
    public bool MayLose(string subscription) => _losing.Contains(subscription);

    /// <summary>A message was handled.</summary>
    public void Add(Effect effect) => _effects.Add(effect);

    /// <summary>A publisher was told that its message is stored.</summary>
    public void Confirm(string source, EventId id) => _confirmed.Add((source, id));

    /// <summary>A subscription has a handler for messages.</summary>
    public void Declare(string subscription, HandlerScope scope) => _handled.Add((subscription, scope));

    /// <summary>A subscription goes on without its dead letters.</summary>
    public void DeclareSkipping(string subscription) => _skipping.Add(subscription);

    /// <summary>Whether a subscription goes on without its dead letters.</summary>
    public bool IsSkipping(string subscription) => _skipping.Contains(subscription);

    /// <summary>A subscription finishes what nobody handles, of some topics or of all.</summary>
    public void DeclareIgnoring(string subscription, TopicPattern? topics) => _ignoring.Add((subscription, topics));

    /// <summary>Whether a subscription finishes a message that nobody handles.</summary>
    public bool Ignores(string subscription, Envelope envelope) =>
        _ignoring.Any(ignored => ignored.Subscription == subscription && (ignored.Topics is not { } topics || (envelope.Kind != MessageKind.Command && topics.Matches(envelope.Topic))));

    /// <summary>A message is a dead letter. Where it holds nothing up, it is handled late.</summary>
    public void Bury(string subscription, string? source, EventId id)
    {
        if (_skipping.Contains(subscription))
            _skipped.Add((subscription, source, id));
    }

    /// <summary>Whether a message may be handled after later ones of its key.</summary>
    public bool MayBeLate(string subscription, string? source, EventId id) => _skipped.Contains((subscription, source, id));

    /// <summary>A subscription has room for so many messages in each process.</summary>
    public void DeclareRoom(string subscription, int messages) => _rooms[subscription] = messages;

    /// <summary>For how many messages a subscription has room in each process; null when that is not known.</summary>
    public int? RoomOf(string subscription) => _rooms.TryGetValue(subscription, out var room) ? room : null;

    /// <summary>Whether a subscription has a handler for a message.</summary>
    public bool Handles(string subscription, in Envelope envelope) =>
        RoutedType.Of(envelope) is { } message && _handled.Any(handled => handled.Subscription == subscription && handled.Scope.Contains(message));
}
