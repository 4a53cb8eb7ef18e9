using Carillon.Transports;

namespace Carillon.Sqlite;

/// <summary>Makes a service's subscriptions exist, with their positions and the commands that they own, all or none.</summary>
internal sealed class TopologyChange(Transports.Topology topology, int partitions) : WriteOperation<IReadOnlyDictionary<string, long>>
{
    public override IReadOnlyDictionary<string, long> Run(WriteSession session)
    {
        foreach (var sql in TopologySql.RemoveOrphans)
            session.Prepare(sql).Execute();
        var head = session.Prepare(TopologySql.Head).Number() ?? 0;
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var subscription in topology.Subscriptions)
            numbers.Add(subscription.Name, Add(session, subscription, head));
        // Every command is given up before any is taken, so that a command may move between two subscriptions of the service.
        foreach (var number in numbers.Values)
            session.Prepare(TopologySql.ReleaseCommands).Set("subscription", number).Execute();
        foreach (var subscription in topology.Subscriptions)
        {
            foreach (var topic in subscription.CommandTopics)
                Own(session, topic, subscription.Name, numbers[subscription.Name]);
        }

        return numbers;
    }

    private long Add(WriteSession session, SubscriptionTopology subscription, long head)
    {
        var number = session.Prepare(TopologySql.Upsert)
            .Set("name", subscription.Name)
            .Set("service", subscription.Service)
            .Set("topics", string.Join(' ', subscription.Topics.Select(topic => topic.Text).Concat(subscription.CommandTopics)))
            .Set("now", session.StoredNow)
            .Number()!.Value;
        for (var partition = 0; partition < partitions; partition++)
        {
            session.Prepare(TopologySql.AddLease)
                .Set("subscription", number)
                .Set("partition", partition)
                .Set("cursor", subscription.Start == StartPosition.Beginning ? 0 : head)
                .Execute();
        }

        return number;
    }

    private static void Own(WriteSession session, string topic, string name, long number)
    {
        if (session.Prepare(TopologySql.TakeCommand).Set("topic", topic).Set("subscription", number).Execute() > 0)
            return;
        var owner = session.Prepare(TopologySql.CommandOwner).Set("topic", topic).Text();
        if (owner == name)
            return;
        throw new CarillonConfigurationException(ErrorCodes.CommandHandledTwice,
            $"The command {topic} is handled by the subscription {owner}, and {name} asks for it too. Exactly one may: remove one of the handlers. If {owner} is gone for good, delete its row in carillon_subscriptions.");
    }
}
