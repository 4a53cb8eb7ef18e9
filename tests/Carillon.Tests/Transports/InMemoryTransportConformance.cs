using Carillon.Conformance;
using Carillon.Transports;

namespace Carillon.Tests.Transports;

public sealed class InMemoryTransportConformance : TransportConformance
{
    private readonly InMemoryBroker _broker = new();

    protected override ITransport CreateTransport(string service) => new InMemoryTransport(_broker, new InMemoryOptions(), TimeProvider.System);
}
