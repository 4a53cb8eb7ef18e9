using Carillon.Conformance;
using Carillon.Testing.Logs;
using Carillon.Testing.Network;
using Carillon.Testing.Transports;
using Carillon.Transports;

namespace Carillon.Testing.Tests.Transports;

public sealed class SimulatedTransportConformance : TransportConformance
{
    private readonly SimulatedLog _log = new(TimeProvider.System);

    protected override ITransport CreateTransport(string service) =>
        new SimulatedTransport(new DirectLink(TimeProvider.System, new Random(1)), _log, isOutbox: false, new SimulatedTransportOptions());
}
