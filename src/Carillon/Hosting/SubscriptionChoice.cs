namespace Carillon.Hosting;

/// <summary>What was configured for a subscription.</summary>
/// <param name="Name">The full name of the subscription, or null for every one of the service.</param>
/// <param name="Configure">Changes its options.</param>
internal sealed record SubscriptionChoice(string? Name, Action<SubscriptionOptions> Configure);
