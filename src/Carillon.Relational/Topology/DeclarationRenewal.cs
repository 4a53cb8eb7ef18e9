using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Says again what a running instance asks for, and takes away what no running one has asked for any more in a long time.</summary>
internal sealed class DeclarationRenewal(long number, SubscriptionTopology subscription) : WriteOperation<IReadOnlyList<string>>
{
    /// <returns>The topics that are no longer topics of the subscription.</returns>
    public override async ValueTask<IReadOnlyList<string>> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Topology, "", cancellation);
        await Declarations.RenewAsync(session, number, subscription, cancellation);
        var before = StoredTime.From(session.Now - subscription.UnhandledRetention);
        var retired = await ReadOldAsync(session, before, cancellation);
        await session.Prepare(DeclarationSql.RemoveOld).Set("subscription", number).Set("before", before).ExecuteAsync(cancellation);
        await session.Prepare(DeclarationSql.ReleaseCommands).Set("subscription", number).ExecuteAsync(cancellation);
        if (retired.Count > 0)
            await session.Prepare(DeclarationSql.NextTopology).Set("subscription", number).ExecuteAsync(cancellation);
        return retired;
    }

    private async ValueTask<IReadOnlyList<string>> ReadOldAsync(WriteSession session, long before, CancellationToken cancellation)
    {
        var topics = new List<string>();
        await using var rows = await session.Prepare(DeclarationSql.Old).Set("subscription", number).Set("before", before).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
        {
            if (rows.Number(0) != (int)DeclarationKind.MetMessage)
                topics.Add(rows.Text(1));
        }

        return topics;
    }
}
