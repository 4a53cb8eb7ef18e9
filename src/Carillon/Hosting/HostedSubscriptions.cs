using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Hosting;

/// <summary>
/// The subscriptions of a service's transport, together with what they have set aside in the service's store. Where that is another system, it is
/// emptied when the transport has forgotten the subscription: before, somebody might still need it.
/// </summary>
internal sealed class HostedSubscriptions(Func<ITransport> transport, IParkingStore parking) : ISubscriptions
{
    public async ValueTask RetireAsync(string service, string subscription, CancellationToken cancellation = default)
    {
        var subscriptions = transport() as ISubscriptions
            ?? throw new NotSupportedException($"The transport {transport().Capabilities.Name} does not retire subscriptions. Use what the broker offers for that.");
        await subscriptions.RetireAsync(service, subscription, cancellation);
        await parking.RetireAsync(subscription, cancellation);
    }
}
