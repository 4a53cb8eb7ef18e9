namespace Carillon.Relational;

/// <summary>Reads dead letters for people.</summary>
internal static class DeadLetterReader
{
    private const int LimitMax = 1000;

    public static async ValueTask<IReadOnlyList<DeadLetter>> PageAsync(Session session, DeadLetterQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, LimitMax, nameof(query));
        await using var rows = await DeadLetterSql.SetPage(session.Prepare(DeadLetterSql.Page(query)), query).ReadAsync();
        return await AllAsync(rows);
    }

    public static async ValueTask<long> CountAsync(Session session, DeadLetterQuery query) =>
        await DeadLetterSql.SetFilters(session.Prepare(DeadLetterSql.Count(query)), query).NumberAsync() ?? 0;

    public static async ValueTask<DeadLetter?> FindAsync(Session session, long id)
    {
        await using var rows = await session.Prepare(DeadLetterSql.Find).Set("parked", id).ReadAsync();
        return (await AllAsync(rows)).FirstOrDefault();
    }

    private static async ValueTask<List<DeadLetter>> AllAsync(Rows rows)
    {
        var letters = new List<DeadLetter>();
        var envelopes = new EnvelopeReader();
        while (await rows.NextAsync())
        {
            var message = ParkedRow.Read(rows, envelopes);
            letters.Add(new DeadLetter(
                message.Id, message.Subscription, message.Envelope, message.Code ?? ErrorCodes.HandlerFailed, message.Reason ?? "",
                message.Attempts, message.ParkedAt, (int)rows.Number(rows.Columns - 1)));
        }

        return letters;
    }
}
