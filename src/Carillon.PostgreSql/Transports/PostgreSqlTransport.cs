using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.PostgreSql;

/// <summary>One service on a log of a database.</summary>
internal sealed class PostgreSqlTransport(PostgreSqlDatabase database, Log log) : RelationalTransport(database, log)
{
    /// <inheritdoc/>
    public override TransportCapabilities Capabilities { get; } = new()
    {
        Name = "PostgreSQL",
        System = "postgresql",
        IsDurable = true,
        IsShared = true,
        KeepsKeyOrder = true,
        SharesRoomAmongKeys = true,
        KeepsHistory = true,
        DeliversAtMostOnce = true,
    };

    /// <inheritdoc/>
    protected override LogReader OpenReader(Database open, StoredTopics topics, SubscriptionRoster roster, OwnedPartitions owned, Settlements settlements) =>
        new PartitionedLogReader((OpenDatabase)open, Log, topics, roster, owned, settlements);
}
