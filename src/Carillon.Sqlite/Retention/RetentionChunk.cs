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
        var before = StoredTime.From(session.Now - age);
        var removed = isTooLarge
            ? await session.Prepare(RetentionSql.DeleteOldest).Set("passed", passed).Set("limit", limit).ExecuteAsync(cancellation)
            : await session.Prepare(RetentionSql.DeleteOld).Set("passed", passed).Set("limit", limit).Set("before", before).ExecuteAsync(cancellation);
        if (removed + sent > 0)
            return new RetentionOutcome(removed + sent, Hold: null);
        var held = session.Prepare(RetentionSql.Held).Set("now", session.StoredNow).Set("size", size).Set("before", isTooLarge ? long.MaxValue : before);
        return new RetentionOutcome(0, await RetentionHold.ReadAsync(held, cancellation));
    }
}
