using Carillon.Conformance;
using Carillon.Tests;
using Carillon.Transports;

namespace Carillon.PostgreSql.Tests;

/// <summary>Services of several hosts on one database, as in several processes: each has its own writers and hears of the others by notifications.</summary>
public class PostgreSqlHostsConformance : TransportConformance
{
    private TestDatabase _database = null!;

    private protected virtual PostgreSqlOptions Options { get; } = new();

    /// <summary>How services connect.</summary>
    private protected virtual string ConnectionString => _database.ConnectionString;

    public override async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    protected override ITransport CreateTransport(string service) => new HostTransport(ConnectionString, Options);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _database.DisposeAsync();
    }
}
