using Carillon.Conformance;
using Carillon.Testing.Logs;
using Carillon.Testing.Network;
using Carillon.Testing.Transports;
using Carillon.Transports;

namespace Carillon.Testing.Tests.Transports;

public sealed class SimulatedTransportConformance : TransportConformance
{
    private readonly SimulatedLog _log = new(TimeProvider.System);

    protected override ITransport CreateTransport(string service) => Create(new SimulatedTransportOptions());

    protected override ITransport CreateImpatientTransport(string service) => Create(new SimulatedTransportOptions { AcknowledgementTimeout = TimeSpan.FromSeconds(1) });

    protected override ValueTask<IAsyncDisposable?> RefuseForNowAsync()
    {
        for (var partition = 0; partition < SimulatedLog.PartitionCount; partition++)
            _log.Refuse(partition, TimeSpan.FromDays(1), saysWhen: false);
        return ValueTask.FromResult<IAsyncDisposable?>(new Refusing(_log));
    }

    protected override ValueTask<bool> TryRefuseNextForNowAsync(string key)
    {
        _log.RefuseNext(key);
        return ValueTask.FromResult(true);
    }

    private SimulatedTransport Create(SimulatedTransportOptions options) =>
        new(new DirectLink(TimeProvider.System, new Random(1)), _log, isOutbox: false, options);

    private sealed class Refusing(SimulatedLog log) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            log.AcceptAll();
            return ValueTask.CompletedTask;
        }
    }
}
