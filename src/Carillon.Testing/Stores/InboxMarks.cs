using Carillon.Durability;

namespace Carillon.Testing.Stores;

/// <summary>Which messages were handled by which subscription, and which are just being handled in an open transaction.</summary>
internal sealed class InboxMarks
{
    private readonly Dictionary<(string Subscription, string? Source, EventId Id), InboxMark> _marks = [];

    /// <summary>Marks a message in a transaction.</summary>
    /// <returns>What the inbox says, or null when another transaction has to end first.</returns>
    public InboxClaim? TryClaim(StoreSession session, string subscription, in Envelope message, out StoreSession? holder)
    {
        holder = null;
        var key = (subscription, message.Source, message.Id);
        if (!_marks.TryGetValue(key, out var mark))
        {
            _marks.Add(key, new InboxMark(message.Body, session));
            session.OnEnd(isCommitted => End(key, isCommitted));
            return InboxClaim.First;
        }

        if (mark.Holder is { } other && other != session)
        {
            holder = other;
            return null;
        }

        return mark.Body.Span.SequenceEqual(message.Body.Span) ? InboxClaim.Duplicate : InboxClaim.IdReused;
    }

    private void End((string, string?, EventId) key, bool isCommitted)
    {
        if (isCommitted)
            _marks[key] = _marks[key] with { Holder = null };
        else
            _marks.Remove(key);
    }

    private readonly record struct InboxMark(ReadOnlyMemory<byte> Body, StoreSession? Holder);
}
