using System.Collections.Concurrent;
using Carillon.Durability;
using Carillon.Testing.Logs;
using Carillon.Testing.Network;
using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>One service of one process on a simulated server: as its transport, or as the outbox that its relay reads.</summary>
/// <param name="link">The way to the server.</param>
/// <param name="log">What the server keeps.</param>
/// <param name="isOutbox">Whether it takes every message, because another transport says what it refuses.</param>
/// <param name="options">How the client behaves.</param>
internal sealed class SimulatedTransport(ILink link, SimulatedLog log, bool isOutbox, SimulatedTransportOptions options) : IOutbox, IMessageLog, ISubscriptions
{
    private readonly ServerCalls _server = new(link, options);
    private readonly ConcurrentQueue<SettlementBalance> _balances = new();

    /// <inheritdoc/>
    public TransportCapabilities Capabilities { get; } = new()
    {
        Name = "simulation",
        System = "carillon.simulation",
        IsDurable = true,
        IsShared = true,
        KeepsKeyOrder = true,
        SharesRoomAmongKeys = true,
        KeepsHistory = true,
        DeliversAtMostOnce = true,
    };

    /// <summary>What became of the deliveries of each receiver that was ever opened.</summary>
    public IReadOnlyCollection<SettlementBalance> Balances => _balances;

    /// <inheritdoc/>
    public async ValueTask EnsureTopologyAsync(Topology topology, CancellationToken cancellation) => await _server.InsistAsync(
        ServerOperation.Ask,
        () =>
        {
            log.Declare(topology);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<ITransportSender> OpenSenderAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new ValueTask<ITransportSender>(new SimulatedSender(link, isOutbox ? log.AppendUnchecked : log.Send));
    }

    /// <inheritdoc/>
    public async ValueTask<ITransportReceiver> OpenReceiverAsync(SubscriptionTopology subscription, CancellationToken cancellation)
    {
        var instance = await _server.InsistAsync(ServerOperation.Ask, log.NameInstance, cancellation);
        var balance = new SettlementBalance(subscription.Name, instance);
        _balances.Enqueue(balance);
        return new SimulatedReceiver(_server, log, balance, subscription, options);
    }

    /// <inheritdoc/>
    public async ValueTask<DateTimeOffset?> FindOldestUnsentAsync(string service, CancellationToken cancellation)
    {
        var age = await link.CallAsync(ServerOperation.Ask, () => log.Now - log.OldestUnsent(service), cancellation);
        return link.Time.GetUtcNow() - age;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LoggedMessage>> ReadAsync(LogQuery query, CancellationToken cancellation = default) =>
        link.CallAsync(ServerOperation.Ask, () => log.Read(query), cancellation);

    /// <inheritdoc/>
    public async ValueTask RetireAsync(string service, string subscription, CancellationToken cancellation = default) => await link.CallAsync(
        ServerOperation.Ask,
        () =>
        {
            log.Retire(service, subscription);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
