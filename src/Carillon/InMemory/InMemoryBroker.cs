using Carillon.Transports;

namespace Carillon.InMemory;

/// <summary>
/// What all services of a host share: every subscription that was ever declared, with the messages that wait for it. A subscription
/// stays when its service stops, as it would in a broker.
/// </summary>
internal sealed class InMemoryBroker
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, InMemorySubscription> _subscriptions = new(StringComparer.Ordinal);
    private volatile InMemoryRoutes _routes = new([]);

    /// <summary>Which subscriptions a message is for, as the topology is now.</summary>
    public InMemoryRoutes Routes => _routes;

    /// <summary>Makes sure that subscriptions exist. Either all of the topology is taken on or nothing.</summary>
    public void Declare(Topology topology, InMemoryOptions options)
    {
        lock (_gate)
        {
            RefuseSharedNames(topology);
            RefuseSecondOwners(topology);
            foreach (var declared in topology.MergeWith(name => _subscriptions.GetValueOrDefault(name)?.Topology))
            {
                if (_subscriptions.TryGetValue(declared.Name, out var known))
                    known.Topology = declared;
                else
                    _subscriptions.Add(declared.Name, new InMemorySubscription(declared, options));
            }

            RouteAnew();
        }
    }

    /// <summary>Removes a subscription that nobody receives, with all that waits for it.</summary>
    public void Retire(string service, string name)
    {
        lock (_gate)
        {
            if (!_subscriptions.TryGetValue(name, out var subscription) || subscription.Topology.Service != service)
                throw SubscriptionRefusal.NotFound(service, name);
            if (subscription.Group.HasMembers)
                throw SubscriptionRefusal.InUse(service, name);
            _subscriptions.Remove(name);
            RouteAnew();
            subscription.Retire();
        }
    }

    public InMemorySubscription Find(string name)
    {
        lock (_gate)
        {
            return _subscriptions.TryGetValue(name, out var subscription)
                ? subscription
                : throw new InvalidOperationException($"The subscription \"{name}\" was not declared: ensure the topology before opening a receiver.");
        }
    }

    private void RouteAnew() => _routes = new InMemoryRoutes([.. _subscriptions.Values]);

    private void RefuseSharedNames(Topology topology)
    {
        foreach (var declared in topology.Subscriptions)
        {
            if (_subscriptions.TryGetValue(declared.Name, out var known) && known.Topology.Service != declared.Service)
            {
                throw new CarillonConfigurationException(ErrorCodes.InvalidName,
                    $"The subscription \"{declared.Name}\" of the service \"{declared.Service}\" already belongs to the service \"{known.Topology.Service}\": give one of them another name.");
            }
        }
    }

    private void RefuseSecondOwners(Topology topology)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var declared = topology.Subscriptions.Select(subscription => subscription.Name).ToHashSet(StringComparer.Ordinal);
        var others = _subscriptions.Values.Select(subscription => subscription.Topology).Where(other => !declared.Contains(other.Name));
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
