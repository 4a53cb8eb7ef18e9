namespace Carillon.Sqlite;

/// <summary>Removes a few messages that are too old or too many. Never one that some subscription has not finished.</summary>
internal sealed class RetentionChunk(TimeSpan age, long sizeBytes, int limit) : WriteOperation<RetentionOutcome>
{
    public override RetentionOutcome Run(WriteSession session)
    {
        var passed = session.Prepare(RetentionSql.Passed).Number() ?? long.MaxValue;
        var size = (session.Prepare(RetentionSql.Pages).Number() ?? 0) * (session.Prepare(RetentionSql.PageSize).Number() ?? 0);
        var isTooLarge = size > sizeBytes;
        var removed = isTooLarge
            ? session.Prepare(RetentionSql.DeleteOldest).Set("passed", passed).Set("limit", limit).Execute()
            : session.Prepare(RetentionSql.DeleteOld).Set("passed", passed).Set("limit", limit).Set("before", StoredTime.From(session.Now - age)).Execute();
        var blockedBy = isTooLarge && removed == 0 && passed != long.MaxValue ? session.Prepare(RetentionSql.Slowest).Text() : null;
        return new RetentionOutcome(removed, size, blockedBy);
    }
}
