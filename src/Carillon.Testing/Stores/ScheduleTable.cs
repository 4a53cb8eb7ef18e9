using Carillon.Scheduling;

namespace Carillon.Testing.Stores;

/// <summary>The messages of a database that wait for their time.</summary>
internal sealed class ScheduleTable(ICommittedLog log, TimeProvider time)
{
    private const int ReleaseMax = 500;

    private readonly SortedSet<ScheduleRow> _rows = new(Comparer<ScheduleRow>.Create(Compare));
    private long _added;

    /// <summary>How many messages wait.</summary>
    public int Count => _rows.Count;

    /// <summary>Adds messages.</summary>
    public void Add(IEnumerable<ScheduledMessage> messages)
    {
        foreach (var message in messages)
            _rows.Add(new ScheduleRow(message.Envelope, message.Due, _added++));
    }

    /// <summary>Takes a message off, at once or when a transaction commits.</summary>
    /// <returns>Whether there was one that nobody else is about to take off.</returns>
    public bool Cancel(string source, EventId id, StoreSession? session)
    {
        var rows = _rows.Where(row => row.Holder is null && row.Message.Source == source && row.Message.Id == id).ToArray();
        foreach (var row in rows)
        {
            if (session is null)
                _rows.Remove(row);
            else
                Hold(row, session);
        }

        return rows.Length > 0;
    }

    /// <summary>Moves some of what is due into the log.</summary>
    public ScheduleRelease Release()
    {
        var now = time.GetUtcNow();
        var due = _rows.TakeWhile(row => row.Due <= now).Where(row => row.Holder is null).Take(ReleaseMax).ToArray();
        var released = new List<Envelope>(due.Length);
        foreach (var row in due)
        {
            _rows.Remove(row);
            if (log.Refuse(row.Message) is null)
                released.Add(row.Message);
            else
                Postpone(row, now);
        }

        log.Append(released);
        var next = _rows.FirstOrDefault(row => row.Holder is null)?.Due - now;
        return new ScheduleRelease(released.Count, next < TimeSpan.Zero ? TimeSpan.Zero : next);
    }

    private void Postpone(ScheduleRow row, DateTimeOffset now)
    {
        row.Due = now + TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, row.Failures++)));
        _rows.Add(row);
    }

    private void Hold(ScheduleRow row, StoreSession session)
    {
        row.Holder = session;
        session.OnEnd(isCommitted =>
        {
            row.Holder = null;
            if (isCommitted)
                _rows.Remove(row);
        });
    }

    private static int Compare(ScheduleRow? left, ScheduleRow? right) => (left!.Due, left.Number).CompareTo((right!.Due, right.Number));
}
