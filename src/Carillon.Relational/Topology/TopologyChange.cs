using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Makes a service's subscriptions exist, with their positions and the commands that they own, all or none.</summary>
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
        // Every command is given up before any is taken, so that a command may move between two subscriptions of the service.
        foreach (var number in numbers.Values)
            await session.Prepare(TopologySql.ReleaseCommands).Set("subscription", number).ExecuteAsync(cancellation);
        if (log == Log.Outbox)
            return numbers;
        foreach (var subscription in topology.Subscriptions)
        {
            foreach (var topic in subscription.CommandTopics)
                await OwnAsync(session, topic, subscription.Name, numbers[subscription.Name], cancellation);
        }

        return numbers;
    }

    private async ValueTask<long> AddAsync(WriteSession session, SubscriptionTopology subscription, CancellationToken cancellation)
    {
        var number = (await session.Prepare(TopologySql.Upsert)
            .Set("name", subscription.Name)
            .Set("service", subscription.Service)
            .Set("topics", subscription.Source ?? string.Join(' ', subscription.Topics.Select(topic => topic.Text).Concat(subscription.CommandTopics)))
            .Set("now", session.StoredNow)
            .Set("log", log.Number)
            .NumberAsync(cancellation))!.Value;
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

    private static async ValueTask OwnAsync(WriteSession session, string topic, string name, long number, CancellationToken cancellation)
    {
        if (await session.Prepare(TopologySql.TakeCommand).Set("topic", topic).Set("subscription", number).ExecuteAsync(cancellation) > 0)
            return;
        var owner = await session.Prepare(TopologySql.CommandOwner).Set("topic", topic).TextAsync(cancellation);
        if (owner == name)
            return;
        throw new CarillonConfigurationException(ErrorCodes.CommandHandledTwice,
            $"The command {topic} is handled by the subscription {owner}, and {name} asks for it too. Exactly one may: remove one of the handlers. If {owner} is gone for good, delete its row in carillon_subscriptions.");
    }
}
