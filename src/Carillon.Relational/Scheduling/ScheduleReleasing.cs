using Carillon.Scheduling;

namespace Carillon.Relational;

/// <summary>
/// Moves a few due messages into their logs, the earliest first. What cannot be moved stays, with its reason and a later time; what would have to
/// wait for somebody else stays as it is, and so does what comes behind it in its key.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="limit">How many at most.</param>
/// <param name="refusal">Why the first one cannot be moved; null where nobody has tried.</param>
internal sealed class ScheduleReleasing(Database database, int limit, string? refusal = null) : WriteOperation<ScheduleRelease>
{
    // One that is larger is moved alone.
    private const long BytesMax = 4 << 20;

    // So many messages of partitions that are not free are passed by.
    private const int PagesMax = 20;
    private static readonly TimeSpan InOtherHands = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly HashSet<(Log Log, string? Key)> _waiting = [];

    public override async ValueTask<ScheduleRelease> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        _waiting.Clear();
        await session.LockAsync(LockScope.Schedule, "", cancellation);
        var released = 0;
        var (last, hasMore) = (default(ScheduledRow), true);
        for (var pages = 0; pages < PagesMax && released == 0 && hasMore; pages++)
        {
            (var count, hasMore) = await CountDueAsync(session, last, cancellation);
            var due = await TakeDueAsync(session, last, count, cancellation);
            if (due.Count == 0)
                break;
            if (refusal is not null)
            {
                await PostponeAsync(session, due[0].Number, refusal, cancellation);
                break;
            }

            // In the order in which those take the locks of logs who publish to several at once.
            foreach (var group in due.GroupBy(row => row.Log).OrderBy(group => group.Key.Number))
                released += await ReleaseAsync(session, group.Key, [.. group], cancellation);
            last = due[^1];
        }

        return new ScheduleRelease(released, await NextAsync(session, hasMore: hasMore && (released > 0 || refusal is not null), cancellation));
    }

    private async ValueTask<int> ReleaseAsync(WriteSession session, Log log, ScheduledRow[] all, CancellationToken cancellation)
    {
        var rows = all.Where(row => !_waiting.Contains((log, row.Envelope.Key))).ToArray();
        if (rows.Length == 0)
            return 0;
        var failures = await database.Append(log, rows.Select(row => row.Envelope).ToArray(), AppendPatience.None).RunAsync(session, cancellation) ?? [];
        foreach (var failure in failures)
        {
            if (failure.Error is { IsTransient: true, Code: ErrorCodes.StorageBusy })
                _waiting.Add((log, rows[failure.Index].Envelope.Key));
            else
                await PostponeAsync(session, rows[failure.Index].Number, failure.Error.Message, cancellation);
        }

        var refused = failures.Select(failure => failure.Index).ToHashSet();
        var released = 0;
        foreach (var row in rows.Where((_, index) => !refused.Contains(index)))
            released += await session.Prepare(ScheduleSql.Remove).Set("scheduled", row.Number).ExecuteAsync(cancellation);
        return released;
    }

    /// <summary>How many are moved at once, and whether there may be more of them.</summary>
    private async ValueTask<(int Count, bool HasMore)> CountDueAsync(WriteSession session, ScheduledRow last, CancellationToken cancellation)
    {
        var (count, bytes) = (0, 0L);
        await using var rows = await Behind(session, last, ScheduleSql.Of(session).DueSizes, limit).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
        {
            bytes += rows.Number(0);
            if (count > 0 && bytes > BytesMax)
                return (count, true);
            count++;
        }

        return (count, count == limit);
    }

    private static async ValueTask<List<ScheduledRow>> TakeDueAsync(WriteSession session, ScheduledRow last, int count, CancellationToken cancellation)
    {
        var due = new List<ScheduledRow>();
        var envelopes = new EnvelopeReader();
        await using var rows = await Behind(session, last, ScheduleSql.Of(session).Due, count).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            due.Add(new ScheduledRow(rows.Number(0), Log.Of(rows.Number(1)), rows.Number(2), envelopes.Read(rows, firstColumn: 3)));
        return due;
    }

    private static Statement Behind(WriteSession session, ScheduledRow last, string sql, int limit) =>
        session.Prepare(sql).Set("now", session.StoredNow).Set("behind", last.Due).Set("last", last.Number).Set("limit", limit);

    private static async ValueTask PostponeAsync(WriteSession session, long scheduled, string reason, CancellationToken cancellation) =>
        await session.Prepare(ScheduleSql.Postpone)
            .Set("scheduled", scheduled).Set("due", StoredTime.From(session.Now + Pause)).Set("reason", reason).ExecuteAsync(cancellation);

    // What is due and was not taken, where there was room for more, is in the hands of somebody else, who may give it back.
    private static async ValueTask<TimeSpan?> NextAsync(WriteSession session, bool hasMore, CancellationToken cancellation)
    {
        if (await session.Prepare(ScheduleSql.Next).NumberAsync(cancellation) is not { } due)
            return null;
        if (due > session.StoredNow)
            return StoredTime.To(due) - session.Now;
        return hasMore ? TimeSpan.Zero : InOtherHands;
    }

    private readonly record struct ScheduledRow(long Number, Log Log, long Due, Envelope Envelope);
}
