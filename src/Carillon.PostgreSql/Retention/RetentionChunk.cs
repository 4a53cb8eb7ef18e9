using Carillon.Relational;

namespace Carillon.PostgreSql;

/// <summary>Removes a few messages that are too old, or that relays have sent. Never one that some subscription has not finished.</summary>
internal sealed class RetentionChunk(TimeSpan age, int partitions, int limit) : WriteOperation<RetentionOutcome>
{
    public override async ValueTask<RetentionOutcome> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var before = StoredTime.From(session.Now - age);
        // One process at a time is enough, and none waits for another: leases would wait with it.
        var removed = await ((PostgreSqlWriteSession)session).TryLockAsync(LockScope.Retention, "", cancellation) ? await RemoveAsync(session, before, cancellation) : 0;
        if (removed > 0)
            return new RetentionOutcome(removed, Hold: null);
        var held = session.Prepare(RetentionSql.Held).Set("now", session.StoredNow).Set("before", before);
        return new RetentionOutcome(0, await RetentionHold.ReadAsync(held, cancellation));
    }

    private async ValueTask<int> RemoveAsync(WriteSession session, long before, CancellationToken cancellation)
    {
        var sent = await session.Prepare(RetentionSql.DeleteSent).Set("limit", limit).ExecuteAsync(cancellation);
        var old = await session.Prepare(RetentionSql.DeleteOld).Set("last", partitions - 1).Set("limit", limit).Set("before", before).ExecuteAsync(cancellation);
        return sent + old;
    }
}
