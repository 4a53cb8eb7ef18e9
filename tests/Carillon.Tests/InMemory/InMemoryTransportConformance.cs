using Carillon.Conformance;
using Carillon.InMemory;
using Carillon.Transports;

namespace Carillon.Tests.InMemory;

public sealed class InMemoryTransportConformance : TransportConformance
{
    private readonly InMemoryBroker _broker = new();

    protected override ITransport CreateTransport(string service) => new InMemoryTransport(_broker, new InMemoryOptions(), TimeProvider.System);
}
