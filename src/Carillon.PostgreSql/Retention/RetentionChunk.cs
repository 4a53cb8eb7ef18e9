using Carillon.Relational;

namespace Carillon.PostgreSql;

/// <summary>Removes a few messages that are too old, or that relays have sent. Never one that some subscription has not finished.</summary>
internal sealed class RetentionChunk(TimeSpan age, int partitions, int limit) : WriteOperation<RetentionOutcome>
{
    public override async ValueTask<RetentionOutcome> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        // One process at a time is enough, and none waits for rows of another.
        await session.LockAsync(LockScope.Retention, "", cancellation);
        var sent = await session.Prepare(RetentionSql.DeleteSent).Set("limit", limit).ExecuteAsync(cancellation);
        var before = StoredTime.From(session.Now - age);
        var old = await session.Prepare(RetentionSql.DeleteOld).Set("last", partitions - 1).Set("limit", limit).Set("before", before).ExecuteAsync(cancellation);
        if (sent + old > 0)
            return new RetentionOutcome(sent + old, Hold: null);
        var held = session.Prepare(RetentionSql.Held).Set("now", session.StoredNow).Set("before", before);
        return new RetentionOutcome(0, await RetentionHold.ReadAsync(held, cancellation));
    }
}
