using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>A transport that takes its host with it.</summary>
internal sealed class HostTransport : ITransport, IMessageLog, ISubscriptions
{
    private readonly SqliteFiles _files = new();
    private readonly SqliteTransport _transport;

    public HostTransport(string connectionString) => _transport = new SqliteTransport(_files.Start(SqliteLocation.Parse(connectionString), new SqliteOptions()), Log.Messages);

    public TransportCapabilities Capabilities => _transport.Capabilities;

    public ValueTask EnsureTopologyAsync(Topology topology, CancellationToken cancellation) => _transport.EnsureTopologyAsync(topology, cancellation);

    public ValueTask<ITransportSender> OpenSenderAsync(CancellationToken cancellation) => _transport.OpenSenderAsync(cancellation);

    public ValueTask<ITransportReceiver> OpenReceiverAsync(SubscriptionTopology subscription, CancellationToken cancellation) =>
        _transport.OpenReceiverAsync(subscription, cancellation);

    public ValueTask<IReadOnlyList<LoggedMessage>> ReadAsync(LogQuery query, CancellationToken cancellation = default) => _transport.ReadAsync(query, cancellation);

    public ValueTask RetireAsync(string service, string subscription, CancellationToken cancellation = default) => _transport.RetireAsync(service, subscription, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        await _files.DisposeAsync();
    }
}
