namespace Carillon.Relational;

/// <summary>
/// Takes messages off the schedule; false when there is none of that id. One that is being published, or cancelled by a transaction that is still open, is not
/// waited for: it is as good as gone.
/// </summary>
internal sealed class ScheduleCancellation(string source, EventId id) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var scheduled in await TakeAsync(session, cancellation))
            removed += await session.Prepare(ScheduleSql.Remove).Set("scheduled", scheduled).ExecuteAsync(cancellation);
        return removed > 0;
    }

    private async ValueTask<List<long>> TakeAsync(WriteSession session, CancellationToken cancellation)
    {
        var taken = new List<long>();
        await using var rows = await session.Prepare(ScheduleSql.Of(session).Find).Set("source", source).Set("id", id.ToString()).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            taken.Add(rows.Number(0));
        return taken;
    }
}
