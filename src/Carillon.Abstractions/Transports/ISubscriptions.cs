namespace Carillon.Transports;

/// <summary>
/// An extra of transports: what people do with subscriptions that are gone for good. A subscription stays when its service stops, and what it has not
/// finished is kept for it, which is what makes it reliable; only somebody who knows that it will never come back can say so.
/// </summary>
public interface ISubscriptions
{
    /// <summary>
    /// Removes a subscription for good: what it asks for, the commands that it owns, how far it is, and what it has set aside, dead letters too. What
    /// it has not handled is not handled any more. When a service asks for it again, it is a new one.
    /// </summary>
    /// <param name="service">The service that it belongs to.</param>
    /// <param name="subscription">The full name of the subscription.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.SubscriptionNotFound"/>: the service has no such subscription; with <see cref="ErrorCodes.SubscriptionInUse"/>: an
    /// instance of it is running. Nothing was removed.
    /// </exception>
    ValueTask RetireAsync(string service, string subscription, CancellationToken cancellation = default);
}
