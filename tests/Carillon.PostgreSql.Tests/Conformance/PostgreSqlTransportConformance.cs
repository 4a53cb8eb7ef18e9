using Carillon.Conformance;
using Carillon.Relational;
using Carillon.Tests;
using Carillon.Transports;

namespace Carillon.PostgreSql.Tests;

/// <summary>Services of one host: they share the database's writers.</summary>
public class PostgreSqlTransportConformance : TransportConformance
{
    private readonly PostgreSqlDatabases _databases = new();
    private TestDatabase _database = null!;

    /// <summary>How services connect.</summary>
    private protected virtual string ConnectionString => _database.ConnectionString;

    public override async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    protected override ITransport CreateTransport(string service) =>
        new PostgreSqlTransport(_databases.Start(ConnectionString, new PostgreSqlOptions()), Log.Messages);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _databases.DisposeAsync();
        await _database.DisposeAsync();
    }
}
