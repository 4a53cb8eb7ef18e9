using System.Data.Common;

namespace Carillon.KillTests;

/// <summary>One SQLite file with effects, inbox and outbox, and a second one that carries the messages.</summary>
internal sealed class SqliteOutboxUnderTest(string path, Timing timing) : SqliteUnderTest(path, timing)
{
    private const string Unsent =
        """
        SELECT count(*) FROM carillon_subscriptions AS relay
            JOIN carillon_leases AS place ON place.subscription = relay.subscription
            JOIN carillon_outbox AS m ON m.source = relay.source AND m.partition = place.partition AND m.position > place.cursor
        WHERE relay.log = 1
        """;

    private readonly string _store = path;
    private readonly string _transport = Path.ChangeExtension(path, "transport.db");

    public override bool HasOutbox => true;

    public override ICarillonBuilder Use(ICarillonBuilder carillon) => carillon
        .UseSqliteStore($"Data Source={_store}", Configure)
        .UseSqlite($"Data Source={_transport}", Configure);

    protected override DbConnection OpenTransport() => Open(_transport);

    protected override int CountUnsent(DbConnection store) => Count(store, Unsent);
}
