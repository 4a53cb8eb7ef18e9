using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>One service on a log of a database. The database belongs to the host, which may have other services on it.</summary>
internal abstract class RelationalTransport(IDatabaseSource databases, Log log) : ITransport, IMessageLog, ISubscriptions, IHealthReporting
{
    private readonly RelationalMessageLog _history = new(databases);
    private Database? _database;
    private ApplicationIdentity _application = ApplicationIdentity.Unknown;
    private IReadOnlyDictionary<string, long> _subscriptions = new Dictionary<string, long>();

    /// <inheritdoc/>
    public abstract TransportCapabilities Capabilities { get; }

    /// <summary>The log that it is on.</summary>
    protected Log Log => log;

    /// <inheritdoc/>
    public async ValueTask EnsureTopologyAsync(Carillon.Transports.Topology topology, CancellationToken cancellation)
    {
        var database = _database = await databases.OpenAsync(cancellation);
        _application = topology.Application;
        _subscriptions = await database.WriteAsync(new TopologyChange(topology, database.Partitions, log), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<ITransportSender> OpenSenderAsync(CancellationToken cancellation) => new LogSender(await databases.OpenAsync(cancellation), log);

    /// <inheritdoc/>
    public async ValueTask<ITransportReceiver> OpenReceiverAsync(SubscriptionTopology subscription, CancellationToken cancellation)
    {
        if (!_subscriptions.TryGetValue(subscription.Name, out var number))
            throw new ArgumentException($"{subscription.Name} is not in the topology of this transport.", nameof(subscription));
        var database = await databases.OpenAsync(cancellation);
        var instance = await database.ReadAsync(0, static (session, _) => session.Prepare(session.Dialect.NewName).TextAsync(), cancellation);
        var holder = new LeaseHolder(number, instance!, database.Process)
        {
            Log = log,
            Handles = subscription.Handles,
            UnhandledGrace = subscription.UnhandledGrace,
            Application = _application,
        };
        return new LogReceiver(
            database, subscription, holder,
            (roster, owned, settlements) => OpenReader(database, new StoredTopics(number, subscription), roster, owned, settlements));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LoggedMessage>> ReadAsync(LogQuery query, CancellationToken cancellation = default) => _history.ReadAsync(query, cancellation);

    /// <inheritdoc/>
    public async ValueTask RetireAsync(string service, string subscription, CancellationToken cancellation = default)
    {
        var database = await databases.OpenAsync(cancellation);
        var pieces = new PieceSize(database.Time);
        RetirementStep step;
        do
        {
            step = await pieces.WriteAsync(() => database.WriteAsync(new SubscriptionRetirement(service, subscription, pieces.Rows), cancellation));
            if (step.Refusal is { } refusal)
                throw refusal;
        }
        while (!step.IsLast);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation) => new(_database?.CheckHealth() ?? []);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Makes what reads the log for one receiver.</summary>
    protected abstract LogReader OpenReader(Database database, StoredTopics topics, SubscriptionRoster roster, OwnedPartitions owned, Settlements settlements);
}
