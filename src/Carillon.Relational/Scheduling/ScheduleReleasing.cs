using Carillon.Scheduling;

namespace Carillon.Relational;

/// <summary>Moves a few due messages into their logs, the earliest first. What cannot be moved stays, with its reason and a later time.</summary>
internal sealed class ScheduleReleasing(Database database, int limit) : WriteOperation<ScheduleRelease>
{
    private static readonly TimeSpan InOtherHands = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public override async ValueTask<ScheduleRelease> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Schedule, "", cancellation);
        var due = await TakeDueAsync(session, cancellation);
        var released = 0;
        // In the order in which those take the locks of logs who publish to several at once.
        foreach (var group in due.GroupBy(row => row.Log).OrderBy(group => group.Key.Number))
            released += await ReleaseAsync(session, group.Key, [.. group], cancellation);
        return new ScheduleRelease(released, await NextAsync(session, hasMore: due.Count == limit, cancellation));
    }

    private async ValueTask<int> ReleaseAsync(WriteSession session, Log log, ScheduledRow[] rows, CancellationToken cancellation)
    {
        var failures = await database.Append(log, rows.Select(row => row.Envelope).ToArray()).RunAsync(session, cancellation) ?? [];
        foreach (var failure in failures)
            await PostponeAsync(session, rows[failure.Index].Number, failure.Error.Message, cancellation);
        var refused = failures.Select(failure => failure.Index).ToHashSet();
        var released = 0;
        foreach (var row in rows.Where((_, index) => !refused.Contains(index)))
            released += await session.Prepare(ScheduleSql.Remove).Set("scheduled", row.Number).ExecuteAsync(cancellation);
        return released;
    }

    private async ValueTask<List<ScheduledRow>> TakeDueAsync(WriteSession session, CancellationToken cancellation)
    {
        var due = new List<ScheduledRow>();
        var envelopes = new EnvelopeReader();
        await using var rows = await session.Prepare(ScheduleSql.Of(session).Due).Set("now", session.StoredNow).Set("limit", limit).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            due.Add(new ScheduledRow(rows.Number(0), Log.Of(rows.Number(1)), envelopes.Read(rows, firstColumn: 2)));
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

    private readonly record struct ScheduledRow(long Number, Log Log, Envelope Envelope);
}
