using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>Tests that each have a database of their own.</summary>
public abstract class DatabaseTests : IAsyncLifetime
{
    private readonly List<PostgreSqlConnections> _opened = [];
    private readonly List<PostgreSqlDatabases> _processes = [];
    private TestDatabase? _database;

    private protected TestDatabase Database => _database!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var process in _processes)
            await process.DisposeAsync();
        foreach (var connections in _opened)
            await connections.DisposeAsync();
        if (_database is { } database)
            await database.DisposeAsync();
    }

    /// <summary>How many wait for a lock of Carillon in this database; other tests have theirs in other ones.</summary>
    private protected Task<long> CountWaitingAsync() => Database.NumberAsync(
        """
        SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """);

    /// <summary>What a host has; a second call is a second host.</summary>
    private protected PostgreSqlConnections Connect(PostgreSqlOptions? options = null, string more = "")
    {
        var connections = new PostgreSqlConnections($"{Database.ConnectionString};{more}", options ?? new PostgreSqlOptions());
        _opened.Add(connections);
        return connections;
    }

    /// <summary>What another process has.</summary>
    private protected PostgreSqlDatabase StartProcess(PostgreSqlOptions? options = null)
    {
        var process = new PostgreSqlDatabases();
        _processes.Add(process);
        return process.Start(Database.ConnectionString, options ?? new PostgreSqlOptions());
    }

    private protected Task<int> MigrateAsync(PostgreSqlOptions? options = null)
    {
        var used = options ?? new PostgreSqlOptions();
        return new SchemaMigration(Connect(used), used).ApplyAsync(Cancellation);
    }
}
