using Carillon.Transports;

namespace Carillon.Sqlite;

/// <summary>One service on a file. The file belongs to the host, which may have other services on it.</summary>
internal sealed class SqliteTransport(SqliteFile file) : ITransport, IMessageLog
{
    private readonly SqliteMessageLog _log = new(file);
    private IReadOnlyDictionary<string, long> _subscriptions = new Dictionary<string, long>();

    public TransportCapabilities Capabilities { get; } = new()
    {
        Name = "SQLite",
        System = "sqlite",
        IsDurable = true,
        IsShared = true,
        KeepsKeyOrder = true,
        KeepsHistory = true,
    };

    public async ValueTask EnsureTopologyAsync(Transports.Topology topology, CancellationToken cancellation)
    {
        var open = await file.OpenAsync(cancellation);
        _subscriptions = await open.Writes.WriteAsync(new TopologyChange(topology, open.Partitions), cancellation);
    }

    public async ValueTask<ITransportSender> OpenSenderAsync(CancellationToken cancellation) => new SqliteSender(await file.OpenAsync(cancellation), Log.Messages);

    public async ValueTask<ITransportReceiver> OpenReceiverAsync(SubscriptionTopology subscription, CancellationToken cancellation)
    {
        if (!_subscriptions.TryGetValue(subscription.Name, out var number))
            throw new ArgumentException($"{subscription.Name} is not in the topology of this transport.", nameof(subscription));
        var open = await file.OpenAsync(cancellation);
        var instance = open.Reads.Read(0, static (connection, _) => connection.Prepare(LeasingSql.NewName).Text()!);
        return new SqliteReceiver(open, subscription, new LeaseHolder(number, instance, open.Process));
    }

    public ValueTask<IReadOnlyList<LoggedMessage>> ReadAsync(LogQuery query, CancellationToken cancellation = default) => _log.ReadAsync(query, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
