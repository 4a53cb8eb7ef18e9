namespace Carillon.Scheduling;

/// <summary>Of each source and id the last message that was scheduled and is not published yet: it waits, or is on its way. Not safe to call by several callers at once.</summary>
internal sealed class ScheduledNames
{
    private readonly Dictionary<(string Source, EventId Id), ScheduleEntry> _last = [];

    /// <summary>Refuses messages of which one has the name of another one.</summary>
    /// <exception cref="PublishFailedException">With <see cref="ErrorCodes.AlreadyScheduled"/>.</exception>
    public void RefuseOthers(IReadOnlyList<ScheduledMessage> messages)
    {
        var added = new Dictionary<(string, EventId), Envelope>();
        foreach (var (envelope, _) in messages)
        {
            var name = (envelope.Source ?? "", envelope.Id);
            var first = added.TryGetValue(name, out var earlier) ? earlier : _last.TryGetValue(name, out var last) ? last.Envelope : envelope;
            if (!ScheduleRefusal.IsSame(first, envelope))
                throw ScheduleRefusal.AlreadyScheduled(envelope);
            added[name] = envelope;
        }
    }

    /// <summary>A message is scheduled, perhaps anew.</summary>
    /// <returns>The one in whose place it waits from now on; null when there is none, or it is on its way.</returns>
    public ScheduleEntry? Set(ScheduleEntry entry)
    {
        var before = _last.GetValueOrDefault(entry.Name);
        _last[entry.Name] = entry;
        return before is { IsOnItsWay: false } ? before : null;
    }

    /// <summary>Forgets a message that waits.</summary>
    /// <returns>The message; null when none of that name waits.</returns>
    public ScheduleEntry? Take(string source, EventId id) =>
        _last.TryGetValue((source, id), out var entry) && !entry.IsOnItsWay && _last.Remove(entry.Name) ? entry : null;

    /// <summary>Whether a message was neither scheduled anew nor cancelled since.</summary>
    public bool IsLast(ScheduleEntry entry) => _last.GetValueOrDefault(entry.Name) == entry;

    /// <summary>A message was published.</summary>
    public void Forget(ScheduleEntry entry)
    {
        if (IsLast(entry))
            _last.Remove(entry.Name);
    }
}
