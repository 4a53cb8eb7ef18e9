using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>Removes a few messages that are too old or too many. Never one that some subscription has not finished.</summary>
internal sealed class RetentionChunk(TimeSpan age, long sizeBytes, int limit) : WriteOperation<RetentionOutcome>
{
    public override async ValueTask<RetentionOutcome> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var sent = await session.Prepare(RetentionSql.DeleteSent).Set("limit", limit).ExecuteAsync(cancellation);
        var passed = await session.Prepare(RetentionSql.Passed).NumberAsync(cancellation) ?? long.MaxValue;
        var size = (await session.Prepare(RetentionSql.Pages).NumberAsync(cancellation) ?? 0) * (await session.Prepare(RetentionSql.PageSize).NumberAsync(cancellation) ?? 0);
        var isTooLarge = size > sizeBytes;
        var removed = isTooLarge
            ? await session.Prepare(RetentionSql.DeleteOldest).Set("passed", passed).Set("limit", limit).ExecuteAsync(cancellation)
            : await session.Prepare(RetentionSql.DeleteOld).Set("passed", passed).Set("limit", limit).Set("before", StoredTime.From(session.Now - age)).ExecuteAsync(cancellation);
        var blockedBy = isTooLarge && removed == 0 && sent == 0 && passed != long.MaxValue ? await session.Prepare(RetentionSql.Slowest).TextAsync(cancellation) : null;
        return new RetentionOutcome(removed + sent, size, blockedBy);
    }
}
