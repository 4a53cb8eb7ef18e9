using Carillon.Scheduling;

namespace Carillon.Sqlite;

/// <summary>Moves a few due messages into their logs, the earliest first. What cannot be moved stays, with its reason and a later time.</summary>
internal sealed class ScheduleReleasing(int partitions, int limit) : WriteOperation<ScheduleRelease>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public override ScheduleRelease Run(WriteSession session)
    {
        var released = 0;
        foreach (var (scheduled, log, envelope) in Due(session))
        {
            if (new MessageAppend(new[] { envelope }, partitions, log).Run(session) is [var failure, ..])
                session.Prepare(ScheduleSql.Postpone).Set("scheduled", scheduled).Set("due", StoredTime.From(session.Now + Pause)).Set("reason", failure.Error.Message).Execute();
            else
                released += session.Prepare(ScheduleSql.Remove).Set("scheduled", scheduled).Execute();
        }

        return new ScheduleRelease(released, Next(session));
    }

    private List<(long Scheduled, Log Log, Envelope Envelope)> Due(WriteSession session)
    {
        var due = new List<(long Scheduled, Log Log, Envelope Envelope)>();
        var envelopes = new EnvelopeReader();
        using var rows = session.Prepare(ScheduleSql.SelectDue).Set("now", session.StoredNow).Set("limit", limit).Read();
        while (rows.Read())
            due.Add((rows.GetInt64(0), Log.Of(rows.GetInt64(1)), envelopes.Read(rows, firstColumn: 2)));
        return due;
    }

    private static TimeSpan? Next(WriteSession session)
    {
        if (session.Prepare(ScheduleSql.Next).Number() is not { } due)
            return null;
        return due <= session.StoredNow ? TimeSpan.Zero : StoredTime.To(due) - session.Now;
    }
}
