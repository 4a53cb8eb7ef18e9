namespace Carillon.Transports;

/// <summary>Why a subscription is not retired.</summary>
public static class SubscriptionRefusal
{
    /// <summary>There is none.</summary>
    /// <param name="service">The service.</param>
    /// <param name="subscription">The full name.</param>
    public static CarillonException NotFound(string service, string subscription) => new(ErrorCodes.SubscriptionNotFound,
        $"Service {service} has no subscription {subscription}: look at the names in the health finding, or it was retired before.");

    /// <summary>Somebody still subscribes.</summary>
    /// <param name="service">The service.</param>
    /// <param name="subscription">The full name.</param>
    public static CarillonException InUse(string service, string subscription) => new(ErrorCodes.SubscriptionInUse,
        $"An instance of {subscription} of service {service} is running, so it was not retired. Stop all of them first; of one that was killed it takes until its lease is over.");
}
