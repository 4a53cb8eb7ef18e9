namespace Carillon.Transports;

/// <summary>What a service needs to exist in the transport.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Subscriptions">Its subscriptions, at most one of each name.</param>
public sealed record Topology(string Service, IReadOnlyList<SubscriptionTopology> Subscriptions);
