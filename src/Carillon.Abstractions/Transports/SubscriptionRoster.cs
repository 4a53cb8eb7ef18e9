namespace Carillon.Transports;

/// <summary>
/// What a receiver knows of the other living instances of its subscription: who can handle what, and which messages were met that not all of them
/// handle. A receiver brings it up to date whenever it hears of the others, and asks it before it hands a message over.
/// </summary>
/// <remarks>Safe for several threads at once.</remarks>
public sealed class SubscriptionRoster(HandledMessages mine)
{
    // What nobody handles may have any name, and is not to fill the memory.
    private const int MetMax = 1_000;
    private readonly Lock _lock = new();
    private readonly HashSet<RoutedType> _met = [];
    private readonly HashSet<RoutedType> _unreported = [];
    private HandledMessages[] _others = [];
    private HandledMessages[] _gone = [];
    private volatile bool _isMixed;

    /// <summary>What was met and is not written down yet.</summary>
    public IReadOnlyCollection<RoutedType> Unreported
    {
        get
        {
            lock (_lock)
                return [.. _unreported];
        }
    }

    /// <summary>Whether a message must be left to another instance, because this one does not handle it and that one does.</summary>
    public bool MustLeave(in Envelope envelope, out RoutedType message)
    {
        message = default;
        if ((mine.IsEverything && !_isMixed) || RoutedType.Of(envelope) is not { } met)
            return false;
        message = met;
        if (!mine.Contains(met))
        {
            Meet(met);
            return IsHandledElsewhere(met);
        }

        if (_isMixed && Array.Exists(Volatile.Read(ref _others), other => !other.Contains(met)))
            Meet(met);
        return false;
    }

    /// <summary>Whether another living instance handles messages of a type that come by its topic.</summary>
    public bool IsHandledElsewhere(RoutedType message) => Array.Exists(Volatile.Read(ref _others), other => other.Contains(message));

    /// <summary>Whether messages of a type that come by its topic are for another instance: one that lives, or one that is gone since a moment ago and may come back.</summary>
    public bool IsForAnother(RoutedType message) =>
        !mine.Contains(message) && (IsHandledElsewhere(message) || Array.Exists(Volatile.Read(ref _gone), gone => gone.Contains(message)));

    /// <summary>Takes over what was heard.</summary>
    /// <param name="others">What the other living instances handle.</param>
    /// <param name="gone">What those could handle that are gone, and whose return is waited for.</param>
    /// <param name="met">What was met that not all of them handle.</param>
    /// <returns>Whether the others changed.</returns>
    public bool Replace(IReadOnlyList<HandledMessages> others, IReadOnlyList<HandledMessages> gone, IReadOnlyCollection<RoutedType> met)
    {
        lock (_lock)
        {
            _met.Clear();
            _met.UnionWith(met);
            _unreported.ExceptWith(met);
        }

        var hasChanged = others.Count != _others.Length || others.Zip(_others).Any(pair => !pair.First.IsSameAs(pair.Second));
        // Who is about to be gone is known as gone before it is no longer known as living.
        Volatile.Write(ref _gone, [.. gone]);
        Volatile.Write(ref _others, [.. others]);
        _isMixed = others.Any(other => !other.IsSameAs(mine));
        return hasChanged;
    }

    /// <summary>A message was met that not every instance may handle. It is written down unless one is already that the same instances handle.</summary>
    public void Meet(RoutedType message)
    {
        lock (_lock)
        {
            if (!_met.Contains(message) && _met.Count + _unreported.Count < MetMax && !_met.Any(known => IsAlike(known, message)) && !_unreported.Any(known => IsAlike(known, message)))
                _unreported.Add(message);
        }
    }

    // Topics and types may be many: one of those that the same instances handle says as much as all of them.
    private bool IsAlike(RoutedType one, RoutedType other) =>
        mine.Contains(one) == mine.Contains(other) && Array.TrueForAll(Volatile.Read(ref _others), instance => instance.Contains(one) == instance.Contains(other));
}
