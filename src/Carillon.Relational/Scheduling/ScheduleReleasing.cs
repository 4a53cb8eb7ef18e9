using Carillon.Scheduling;

namespace Carillon.Relational;

/// <summary>
/// Moves a few due messages into their logs, the earliest first. What cannot be moved stays, with its reason and a later time; what would have to
/// wait for somebody else stays as it is, and so does what comes behind it in its key.
/// </summary>
internal sealed class ScheduleReleasing(Database database, int limit) : WriteOperation<ScheduleRelease>
{
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
        var last = default(ScheduledRow);
        for (var pages = 0; pages < PagesMax && released == 0; pages++)
        {
            var due = await TakeDueAsync(session, last, cancellation);
            // In the order in which those take the locks of logs who publish to several at once.
            foreach (var group in due.GroupBy(row => row.Log).OrderBy(group => group.Key.Number))
                released += await ReleaseAsync(session, group.Key, [.. group], cancellation);
            if (due.Count < limit)
                return new ScheduleRelease(released, await NextAsync(session, hasMore: false, cancellation));
            last = due[^1];
        }

        return new ScheduleRelease(released, await NextAsync(session, hasMore: released > 0, cancellation));
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

    private async ValueTask<List<ScheduledRow>> TakeDueAsync(WriteSession session, ScheduledRow last, CancellationToken cancellation)
    {
        var due = new List<ScheduledRow>();
        var envelopes = new EnvelopeReader();
        await using var rows = await session.Prepare(ScheduleSql.Of(session).Due)
            .Set("now", session.StoredNow).Set("behind", last.Due).Set("last", last.Number).Set("limit", limit).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            due.Add(new ScheduledRow(rows.Number(0), Log.Of(rows.Number(1)), rows.Number(2), envelopes.Read(rows, firstColumn: 3)));
        return due;
    }

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
