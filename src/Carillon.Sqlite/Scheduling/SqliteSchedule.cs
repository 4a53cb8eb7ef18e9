using Carillon.Scheduling;

namespace Carillon.Sqlite;

/// <summary>Keeps messages that are to be published later in the file, next to the log that they go to.</summary>
internal sealed class SqliteSchedule(SqliteFile file, Log log) : ISchedule
{
    private const int ReleaseMax = 500;

    public async ValueTask AddAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation) =>
        await WriteAsync(new ScheduleAddition(messages, log), cancellation);

    public ValueTask<bool> CancelAsync(string source, EventId id, CancellationToken cancellation) =>
        WriteAsync(new ScheduleCancellation(source, id), cancellation);

    public async ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken cancellation)
    {
        var open = await file.OpenAsync(cancellation);
        var now = StoredTime.From(open.Time.GetUtcNow());
        var next = open.Reads.Read(0, static (connection, _) => connection.Prepare(ScheduleSql.Next).Number());
        if (next is null || next > now)
            return new ScheduleRelease(0, next is null ? null : TimeSpan.FromTicks(next.Value - now));
        return await WriteAsync(new ScheduleReleasing(open.Partitions, ReleaseMax), cancellation);
    }

    private async ValueTask<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellation)
    {
        var open = await file.OpenAsync(cancellation);
        try
        {
            return await open.Writes.WriteAsync(operation, cancellation);
        }
        catch (WriteFailedException e)
        {
            throw new PublishFailedException(e.Code, $"The schedule could not be changed. {e.Reason}", e.IsOutcomeUnknown, e);
        }
    }
}
