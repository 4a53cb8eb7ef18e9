using Carillon.Scheduling;

namespace Carillon.Testing.Stores;

/// <summary>The messages of a database that wait for their time.</summary>
internal sealed class ScheduleTable(ICommittedLog log, TimeProvider time)
{
    private const int ReleaseMax = 500;

    private readonly SortedSet<ScheduleRow> _rows = new(Comparer<ScheduleRow>.Create(Compare));
    private long _added;

    // Messages that open transactions add: they wait for nothing yet, but nobody else may add the same ones.
    private readonly Dictionary<(string? Source, EventId Id), StoreSession> _names = [];

    /// <summary>How many messages wait.</summary>
    public int Count => _rows.Count;

    /// <summary>The transaction that adds or cancels a message, other than the one that asks; null when there is none.</summary>
    public StoreSession? FindHolder(in Envelope message, StoreSession session)
    {
        var holder = _names.GetValueOrDefault((message.Source, message.Id)) ?? Find(message.Source, message.Id)?.Holder;
        return holder == session ? null : holder;
    }

    /// <summary>Keeps other transactions from adding a message until one has ended, and replaces, if that commits, the one that waits already.</summary>
    /// <exception cref="PublishFailedException">Another message of the id waits.</exception>
    public void Claim(in Envelope message, StoreSession session)
    {
        var name = (message.Source, message.Id);
        if (Find(message.Source, message.Id) is { Holder: null } waiting)
        {
            if (!ScheduleRefusal.IsSame(waiting.Message, message))
                throw ScheduleRefusal.AlreadyScheduled(message);
            Hold(waiting, session);
        }

        if (_names.TryAdd(name, session))
            session.OnEnd(_ => _names.Remove(name));
    }

    /// <summary>Adds messages.</summary>
    public void Add(IEnumerable<ScheduledMessage> messages)
    {
        foreach (var message in messages)
            _rows.Add(new ScheduleRow(message.Envelope, message.Due, _added++));
    }

    /// <summary>Takes a message off when a transaction commits.</summary>
    /// <returns>Whether there was one that nobody is about to take off.</returns>
    public bool Cancel(string source, EventId id, StoreSession session)
    {
        if (Find(source, id) is not { Holder: null } row)
            return false;
        Hold(row, session);
        return true;
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

    private ScheduleRow? Find(string? source, EventId id) => _rows.FirstOrDefault(row => row.Message.Source == source && row.Message.Id == id);

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
