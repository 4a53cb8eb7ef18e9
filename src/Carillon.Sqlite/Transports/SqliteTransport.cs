using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Sqlite;

/// <summary>One service on a log of a file.</summary>
internal sealed class SqliteTransport(SqliteFile file, Log log) : RelationalTransport(file, log)
{
    /// <inheritdoc/>
    public override TransportCapabilities Capabilities { get; } = new()
    {
        Name = "SQLite",
        System = "sqlite",
        IsDurable = true,
        IsShared = true,
        KeepsKeyOrder = true,
        SharesRoomAmongKeys = true,
        KeepsHistory = true,
        DeliversAtMostOnce = true,
    };

    /// <inheritdoc/>
    protected override LogReader OpenReader(Database database, StoredTopics topics, SubscriptionRoster roster, OwnedPartitions owned, Settlements settlements) =>
        new SequentialLogReader((OpenFile)database, Log, topics, roster, owned, settlements);
}
