using Carillon.Scheduling;

namespace Carillon.Relational;

/// <summary>Moves a few due messages into their logs, the earliest first. What cannot be moved stays, with its reason and a later time.</summary>
internal sealed class ScheduleReleasing(Database database, int limit) : WriteOperation<ScheduleRelease>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public override async ValueTask<ScheduleRelease> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Schedule, "", cancellation);
        var released = 0;
        foreach (var group in (await DueAsync(session, cancellation)).GroupBy(due => due.Log))
        {
            ScheduledRow[] rows = [.. group];
            var failures = await database.Append(group.Key, rows.Select(row => row.Envelope).ToArray()).RunAsync(session, cancellation) ?? [];
            foreach (var failure in failures)
                await PostponeAsync(session, rows[failure.Index].Number, failure.Error.Message, cancellation);
            var refused = failures.Select(failure => failure.Index).ToHashSet();
            foreach (var row in rows.Where((_, index) => !refused.Contains(index)))
                released += await session.Prepare(ScheduleSql.Remove).Set("scheduled", row.Number).ExecuteAsync(cancellation);
        }

        return new ScheduleRelease(released, await NextAsync(session, cancellation));
    }

    private async ValueTask<List<ScheduledRow>> DueAsync(WriteSession session, CancellationToken cancellation)
    {
        var due = new List<ScheduledRow>();
        var envelopes = new EnvelopeReader();
        await using var rows = await session.Prepare(ScheduleSql.SelectDue).Set("now", session.StoredNow).Set("limit", limit).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            due.Add(new ScheduledRow(rows.Number(0), Log.Of(rows.Number(1)), envelopes.Read(rows, firstColumn: 2)));
        return due;
    }

    private static async ValueTask PostponeAsync(WriteSession session, long scheduled, string reason, CancellationToken cancellation) =>
        await session.Prepare(ScheduleSql.Postpone)
            .Set("scheduled", scheduled).Set("due", StoredTime.From(session.Now + Pause)).Set("reason", reason).ExecuteAsync(cancellation);

    private static async ValueTask<TimeSpan?> NextAsync(WriteSession session, CancellationToken cancellation)
    {
        if (await session.Prepare(ScheduleSql.Next).NumberAsync(cancellation) is not { } due)
            return null;
        return due <= session.StoredNow ? TimeSpan.Zero : StoredTime.To(due) - session.Now;
    }

    private readonly record struct ScheduledRow(long Number, Log Log, Envelope Envelope);
}
