namespace Carillon.Transports;

/// <summary>What a service needs to exist in the transport.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Subscriptions">Its subscriptions, at most one of each name.</param>
public sealed record Topology(string Service, IReadOnlyList<SubscriptionTopology> Subscriptions)
{
    /// <summary>The program that runs the service here.</summary>
    public ApplicationIdentity Application { get; init; } = ApplicationIdentity.Unknown;

    /// <summary>
    /// What is to be stored about its subscriptions, for transports that keep topics themselves: what is stored already and what is declared
    /// here, except that a command belongs to the subscription that declares it here.
    /// </summary>
    /// <param name="findStored">What is stored about the subscription of a name, or null.</param>
    public IReadOnlyList<SubscriptionTopology> MergeWith(Func<string, SubscriptionTopology?> findStored)
    {
        var commands = Subscriptions.SelectMany(subscription => subscription.CommandTopics).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Subscriptions.Select(declared => findStored(declared.Name) is not { } stored ? declared : declared with
            {
                Topics = [.. stored.Topics.Union(declared.Topics)],
                CommandTopics = [.. stored.CommandTopics.Where(topic => !commands.Contains(topic)).Union(declared.CommandTopics)],
            }),
        ];
    }
}
