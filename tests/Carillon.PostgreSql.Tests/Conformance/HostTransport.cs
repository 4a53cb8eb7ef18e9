using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.PostgreSql.Tests;

/// <summary>A transport that takes its host with it, as a process of its own would.</summary>
internal sealed class HostTransport : ITransport, IMessageLog, ISubscriptions
{
    private readonly PostgreSqlDatabases _databases = new();
    private readonly PostgreSqlTransport _transport;

    public HostTransport(string connectionString, PostgreSqlOptions? options = null) =>
        _transport = new PostgreSqlTransport(_databases.Start(connectionString, options ?? new PostgreSqlOptions()), Log.Messages);

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
        await _databases.DisposeAsync();
    }
}
