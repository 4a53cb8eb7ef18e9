using Carillon.Conformance;
using Carillon.Relational;
using Carillon.Tests;
using Carillon.Transports;
using Npgsql;

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
        new PostgreSqlTransport(_databases.Start(ConnectionString, new PostgreSqlOptions { LockTimeout = TimeSpan.FromSeconds(2) }), Log.Messages);

    // Somebody holds a lock for longer than the writers wait for it; whoever reads goes on.
    protected override async ValueTask<IAsyncDisposable?> RefuseForNowAsync()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE carillon_messages IN EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _databases.DisposeAsync();
        await _database.DisposeAsync();
    }
}
