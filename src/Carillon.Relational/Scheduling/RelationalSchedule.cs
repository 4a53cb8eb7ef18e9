using Carillon.Scheduling;

namespace Carillon.Relational;

/// <summary>Keeps messages that are to be published later next to the log that they go to.</summary>
internal sealed class RelationalSchedule(IDatabaseSource databases, Log log) : ISchedule
{
    private const int ReleaseMax = 500;

    public async ValueTask AddAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation) =>
        await WriteAsync(new ScheduleAddition(messages, log), cancellation);

    public ValueTask<bool> CancelAsync(string source, EventId id, CancellationToken cancellation) =>
        WriteAsync(new ScheduleCancellation(source, id), cancellation);

    public async ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken cancellation)
    {
        var database = await databases.OpenAsync(cancellation);
        var now = StoredTime.From(database.Now);
        var next = await database.ReadAsync(0, static (session, _) => session.Prepare(ScheduleSql.Next).NumberAsync(), cancellation);
        if (next is null || next > now)
            return new ScheduleRelease(0, next is null ? null : TimeSpan.FromTicks(next.Value - now));
        return await ReleaseAsync(database, ReleaseMax, cancellation);
    }

    // One that the database does not take must not keep the others: fewer and fewer are tried, and it stays alone with its reason.
    private async ValueTask<ScheduleRelease> ReleaseAsync(Database database, int limit, CancellationToken cancellation)
    {
        try
        {
            return await WriteAsync(new ScheduleReleasing(database, limit), cancellation);
        }
        catch (PublishFailedException e) when (e is { InnerException: StorageFailedException { ConcernsAll: false, IsTransient: false, IsOutcomeUnknown: false } failure })
        {
            return limit > 1
                ? await ReleaseAsync(database, limit / 2, cancellation)
                : await WriteAsync(new ScheduleReleasing(database, limit: 1, failure.Reason), cancellation);
        }
    }

    private async ValueTask<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellation)
    {
        var database = await databases.OpenAsync(cancellation);
        try
        {
            return await database.WriteAsync(operation, cancellation);
        }
        catch (StorageFailedException e)
        {
            throw e.ToRefusal($"The schedule could not be changed. {e.Reason}");
        }
    }
}
