namespace Carillon.Transports;

/// <summary>
/// What a receiver knows of the other living instances of its subscription: who can handle what, and which types were met that not all of them
/// handle. A receiver brings it up to date whenever it hears of the others, and asks it before it hands a message over.
/// </summary>
/// <remarks>Safe for several threads at once.</remarks>
public sealed class SubscriptionRoster(HandledTypes mine)
{
    // What nobody handles may have any name, and is not to fill the memory.
    private const int MetMax = 1_000;
    private readonly Lock _lock = new();
    private readonly HashSet<HandledType> _met = [];
    private readonly HashSet<HandledType> _unreported = [];
    private HandledTypes[] _others = [];
    private volatile bool _isMixed;

    /// <summary>The types that were met and are not written down yet.</summary>
    public IReadOnlyCollection<HandledType> Unreported
    {
        get
        {
            lock (_lock)
                return [.. _unreported];
        }
    }

    /// <summary>Whether a message must be left to another instance, because this one does not handle it and that one does.</summary>
    public bool MustLeave(in Envelope envelope, out HandledType type)
    {
        type = default;
        if ((mine.IsEverything && !_isMixed) || HandledType.Of(envelope) is not { } met)
            return false;
        type = met;
        if (!mine.Contains(met))
        {
            Meet(met);
            return IsHandledElsewhere(met);
        }

        if (_isMixed && Array.Exists(Volatile.Read(ref _others), other => !other.Contains(met)))
            Meet(met);
        return false;
    }

    /// <summary>Whether another living instance handles messages of a type.</summary>
    public bool IsHandledElsewhere(HandledType type) => Array.Exists(Volatile.Read(ref _others), other => other.Contains(type));

    /// <summary>Takes over what was heard.</summary>
    /// <returns>Whether the others changed.</returns>
    public bool Replace(IReadOnlyList<HandledTypes> others, IReadOnlyCollection<HandledType> met)
    {
        lock (_lock)
        {
            _met.Clear();
            _met.UnionWith(met);
            _unreported.ExceptWith(met);
        }

        var hasChanged = others.Count != _others.Length || others.Zip(_others).Any(pair => !pair.First.IsSameAs(pair.Second));
        Volatile.Write(ref _others, [.. others]);
        _isMixed = others.Any(other => !other.IsSameAs(mine));
        return hasChanged;
    }

    /// <summary>A message of a type was met that not every instance may handle.</summary>
    public void Meet(HandledType type)
    {
        lock (_lock)
        {
            if (!_met.Contains(type) && _met.Count + _unreported.Count < MetMax)
                _unreported.Add(type);
        }
    }
}
