using System.Data.Common;
using Carillon.Testing.Network;
using Carillon.Testing.Stores;

namespace Carillon.Testing;

/// <summary>
/// Opens connections to the simulated database of a service, for code of the user that reads or writes rows by itself. In the services of
/// every simulated process.
/// </summary>
public sealed class SimulatedConnections
{
    private readonly ILink _link;
    private readonly SimulatedDatabase _database;

    internal SimulatedConnections(ILink link, SimulatedDatabase database) => (_link, _database) = (link, database);

    /// <summary>Opens a connection. The caller disposes it.</summary>
    public DbConnection Open() => new SimulatedDbConnection(_database, _link.Client, _database.OpenSql());
}
