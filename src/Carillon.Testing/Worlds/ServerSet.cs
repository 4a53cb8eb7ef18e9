using System.Data.Common;
using Carillon.Testing.Logs;
using Carillon.Testing.Network;
using Carillon.Testing.Scheduling;
using Carillon.Testing.Stores;

namespace Carillon.Testing.Worlds;

/// <summary>The servers of one world.</summary>
internal sealed class ServerSet
{
    private readonly Dictionary<string, StoreServer> _stores = new(StringComparer.Ordinal);
    private readonly List<SimulatedServer> _all = [];

    private ServerSet(SimulatedServer server, SimulatedLog log) => (TransportServer, Log) = (server, log);

    /// <summary>Where messages travel.</summary>
    public SimulatedServer TransportServer { get; }

    /// <summary>What travels.</summary>
    public SimulatedLog Log { get; }

    /// <summary>All servers, in a fixed order.</summary>
    public IReadOnlyList<SimulatedServer> All => _all;

    /// <summary>All stores, in a fixed order.</summary>
    public IEnumerable<StoreServer> Stores => _stores.Values.Distinct();

    /// <summary>All logs, the transport's first.</summary>
    public IEnumerable<SimulatedLog> Logs => Stores.Select(store => store.Outbox).OfType<SimulatedLog>().Prepend(Log);

    /// <summary>The store of a service.</summary>
    public StoreServer StoreOf(string service) => _stores[service];

    /// <summary>Sets up the servers.</summary>
    public static ServerSet Create(SimulationScheduler scheduler, WorldShape shape, IReadOnlyList<ServiceDefinition> services, Func<DbConnection>? sql)
    {
        var isOne = shape == WorldShape.OneDatabase;
        var number = 0;
        var transport = new SimulatedServer(scheduler, ++number, isOne ? "database" : "broker", isStore: isOne);
        var set = new ServerSet(transport, new SimulatedLog(transport.Clock));
        set._all.Add(transport);
        var shared = isOne ? new StoreServer(transport, new SimulatedDatabase(new CommittedLog(set.Log, isChecked: true), transport.Clock, sql), Outbox: null) : null;
        foreach (var service in services)
            set._stores.Add(service.Name, shared ?? set.AddStore(scheduler, ++number, service.Name, sql));
        foreach (var store in set.Stores)
            store.Server.Dying += () => store.Database.RollbackOf(client: null);
        return set;
    }

    private StoreServer AddStore(SimulationScheduler scheduler, int number, string service, Func<DbConnection>? sql)
    {
        var server = new SimulatedServer(scheduler, number, $"{service}-database", isStore: true);
        var outbox = new SimulatedLog(server.Clock);
        _all.Add(server);
        return new StoreServer(server, new SimulatedDatabase(new CommittedLog(outbox, isChecked: false), server.Clock, sql), outbox);
    }
}
