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

    protected override ValueTask<IAsyncDisposable?> RefuseForNowAsync()
    {
        for (var partition = 0; partition < SimulatedLog.PartitionCount; partition++)
            _log.Refuse(partition, TimeSpan.FromDays(1), saysWhen: false);
        return ValueTask.FromResult<IAsyncDisposable?>(new Refusing(_log));
    }

    private sealed class Refusing(SimulatedLog log) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            log.AcceptAll();
            return ValueTask.CompletedTask;
        }
    }
}
