using Carillon.Durability;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>The outbox of a service: a transport on the log that relays read.</summary>
internal sealed class RelationalOutbox(IDatabaseSource databases, RelationalTransport log) : IOutbox, IHealthReporting
{
    /// <inheritdoc/>
    public TransportCapabilities Capabilities => log.Capabilities;

    /// <inheritdoc/>
    public ValueTask EnsureTopologyAsync(Topology topology, CancellationToken cancellation) => log.EnsureTopologyAsync(topology, cancellation);

    /// <inheritdoc/>
    public ValueTask<ITransportSender> OpenSenderAsync(CancellationToken cancellation) => log.OpenSenderAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask<ITransportReceiver> OpenReceiverAsync(SubscriptionTopology subscription, CancellationToken cancellation) =>
        log.OpenReceiverAsync(subscription, cancellation);

    /// <inheritdoc/>
    public async ValueTask<DateTimeOffset?> FindOldestUnsentAsync(string service, CancellationToken cancellation)
    {
        var database = await databases.OpenAsync(cancellation);
        var recorded = await database.ReadAsync(
            service, static (session, service) => session.Prepare(OutboxSql.OldestUnsent).Set("service", service).NumberAsync(), cancellation);
        return recorded is { } stored ? StoredTime.To(stored) - (database.Now - database.Time.GetUtcNow()) : null;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation) => log.CheckHealthAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => log.DisposeAsync();
}
