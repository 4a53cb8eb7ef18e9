using Carillon.Transports;

namespace Carillon.Testing.Logs;

/// <summary>Every subscription that was ever declared, and what may not be declared beside it. Guarded by the lock of the log.</summary>
internal sealed class LogTopology
{
    private readonly List<LogSubscription> _subscriptions = [];

    /// <summary>The subscriptions, in the order in which they were declared.</summary>
    public IReadOnlyList<LogSubscription> Subscriptions => _subscriptions;

    /// <summary>Makes sure that subscriptions exist. Either all of the topology is taken on or nothing.</summary>
    /// <param name="topology">What is to exist.</param>
    /// <param name="head">The last position of the log.</param>
    public void Declare(Topology topology, long head)
    {
        RefuseSharedNames(topology);
        RefuseSecondOwners(topology);
        foreach (var declared in topology.MergeWith(name => TryFind(name)?.Topology))
        {
            if (TryFind(declared.Name) is { } known)
                known.Topology = declared;
            else
                _subscriptions.Add(new LogSubscription(declared, declared.Start == StartPosition.Beginning ? 0 : head));
        }
    }

    /// <summary>Removes a subscription that no instance reads.</summary>
    public void Retire(string service, string name, DateTimeOffset now)
    {
        if (TryFind(name) is not { } subscription || subscription.Topology.Service != service)
            throw SubscriptionRefusal.NotFound(service, name);
        subscription.Expire(now, head: 0);
        if (subscription.IsRunning)
            throw SubscriptionRefusal.InUse(service, name);
        _subscriptions.Remove(subscription);
    }

    /// <summary>Finds a subscription by its full name.</summary>
    public LogSubscription Find(string name) =>
        TryFind(name) ?? throw new InvalidOperationException($"The subscription \"{name}\" was not declared: ensure the topology before opening a receiver.");

    /// <inheritdoc cref="Find"/>
    /// <returns>Null when there is none.</returns>
    public LogSubscription? TryFind(string name) => _subscriptions.Find(subscription => subscription.Topology.Name == name);

    /// <summary>Why a message cannot be stored; null when it can.</summary>
    public PublishFailedException? FindRefusal(Envelope envelope)
    {
        if (envelope.Topic is null)
            return new PublishFailedException(ErrorCodes.PublishFailed, $"The message {envelope.Id} of type \"{envelope.Type}\" has no topic, so nobody could receive it: set one.");
        if (envelope.Kind != MessageKind.Command || _subscriptions.Exists(subscription => subscription.Topology.Source is null && subscription.Topology.Accepts(envelope)))
            return null;
        var where = envelope.Destination is { } destination ? $" of the service \"{destination}\"" : "";
        return new PublishFailedException(ErrorCodes.NoCommandHandler,
            $"No subscription{where} handles the command \"{envelope.Topic}\" (message {envelope.Id}): start the service that does, or correct the topic.");
    }

    private void RefuseSharedNames(Topology topology)
    {
        foreach (var declared in topology.Subscriptions)
        {
            if (TryFind(declared.Name) is { } known && known.Topology.Service != declared.Service)
            {
                throw new CarillonConfigurationException(ErrorCodes.InvalidName,
                    $"The subscription \"{declared.Name}\" of the service \"{declared.Service}\" already belongs to the service \"{known.Topology.Service}\": give one of them another name.");
            }
        }
    }

    private void RefuseSecondOwners(Topology topology)
    {
        var declared = topology.Subscriptions.Select(subscription => subscription.Name).ToHashSet(StringComparer.Ordinal);
        var others = _subscriptions.Select(subscription => subscription.Topology).Where(other => !declared.Contains(other.Name));
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var subscription in others.Concat(topology.Subscriptions))
        {
            foreach (var command in subscription.CommandTopics)
            {
                if (owners.TryAdd(command, subscription.Name) || owners[command] == subscription.Name)
                    continue;
                throw new CarillonConfigurationException(ErrorCodes.CommandHandledTwice,
                    $"The command \"{command}\" is handled by \"{owners[command]}\" and by \"{subscription.Name}\". A command has one handler: remove one, or publish an event.");
            }
        }
    }
}
