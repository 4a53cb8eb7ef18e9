using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// Makes a service's subscriptions exist, with their positions, topics and the commands that they own, all or none. What another version of
/// the service has declared stays.
/// </summary>
internal sealed class TopologyChange(Transports.Topology topology, int partitions, Log log) : WriteOperation<IReadOnlyDictionary<string, long>>
{
    public override async ValueTask<IReadOnlyDictionary<string, long>> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Topology, "", cancellation);
        foreach (var sql in TopologySql.RemoveOrphans)
            await session.Prepare(sql).ExecuteAsync(cancellation);
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var subscription in topology.Subscriptions)
            numbers.Add(subscription.Name, await AddAsync(session, subscription, cancellation));
        if (log == Log.Outbox)
            return numbers;
        foreach (var subscription in topology.Subscriptions)
        {
            foreach (var topic in subscription.CommandTopics)
                await OwnAsync(session, topic, subscription.Name, numbers, cancellation);
        }

        return numbers;
    }

    private async ValueTask<long> AddAsync(WriteSession session, SubscriptionTopology subscription, CancellationToken cancellation)
    {
        var number = (await session.Prepare(TopologySql.Upsert)
            .Set("name", subscription.Name)
            .Set("service", subscription.Service)
            .Set("source", subscription.Source)
            .Set("now", session.StoredNow)
            .Set("log", log.Number)
            .NumberAsync(cancellation))!.Value;
        await session.Prepare(DeclarationSql.KeepYoung).Set("subscription", number).Set("now", session.StoredNow).ExecuteAsync(cancellation);
        if (await Declarations.DeclareAsync(session, number, subscription, cancellation))
            await session.Prepare(DeclarationSql.NextTopology).Set("subscription", number).ExecuteAsync(cancellation);
        for (var partition = 0; partition < partitions; partition++)
        {
            await session.Prepare(TopologySql.AddLease)
                .Set("subscription", number)
                .Set("partition", partition)
                .Set("cursor", subscription.Start == StartPosition.Beginning ? 0 : await HeadAsync(session, partition, cancellation))
                .ExecuteAsync(cancellation);
        }

        return number;
    }

    private async ValueTask<long> HeadAsync(WriteSession session, int partition, CancellationToken cancellation) =>
        await session.Prepare(session.Dialect.Head(log)).Set("partition", partition).NumberAsync(cancellation) ?? 0;

    private static async ValueTask OwnAsync(WriteSession session, string topic, string name, Dictionary<string, long> numbers, CancellationToken cancellation)
    {
        var number = numbers[name];
        if (await session.Prepare(TopologySql.TakeCommand).Set("topic", topic).Set("subscription", number).ExecuteAsync(cancellation) > 0)
            return;
        var (owner, ownerName) = await FindOwnerAsync(session, topic, cancellation);
        if (owner == number)
            return;
        // It may move between two subscriptions of the service: the newest declaration decides.
        if (!numbers.ContainsValue(owner))
        {
            throw new CarillonConfigurationException(ErrorCodes.CommandHandledTwice,
                $"The command {topic} is handled by the subscription {ownerName}, and {name} asks for it too. Exactly one may: remove one of the handlers. If {ownerName} is gone for good, retire it with {nameof(ISubscriptions)}.{nameof(ISubscriptions.RetireAsync)}.");
        }

        await session.Prepare(TopologySql.MoveCommand).Set("topic", topic).Set("subscription", number).ExecuteAsync(cancellation);
        await session.Prepare(DeclarationSql.Remove)
            .Set("subscription", owner).Set("kind", (int)DeclarationKind.Commands).Set("name", topic).ExecuteAsync(cancellation);
        await session.Prepare(DeclarationSql.NextTopology).Set("subscription", owner).ExecuteAsync(cancellation);
    }

    private static async ValueTask<(long Number, string Name)> FindOwnerAsync(WriteSession session, string topic, CancellationToken cancellation)
    {
        await using var row = await session.Prepare(TopologySql.CommandOwner).Set("topic", topic).ReadAsync(cancellation);
        await row.NextAsync(cancellation);
        return (row.Number(0), row.Text(1));
    }
}
