using Carillon.Relational;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// The database of a service, for code that keeps its own tables in it. Inject it; services that use the same one share it. Tables whose names
/// begin with <c>carillon_</c> are Carillon's.
/// </summary>
public sealed class PostgreSqlDatabase : IDatabaseSource, IAsyncDisposable, IDisposable
{
    private readonly PostgreSqlOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lazy<PostgreSqlConnections> _connections;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private OpenDatabase? _open;
    private volatile bool _isClosed;

    internal PostgreSqlDatabase(string connectionString, PostgreSqlOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        // The options may still be changed by the host's configuration until something is opened.
        _connections = new Lazy<PostgreSqlConnections>(() => new PostgreSqlConnections(connectionString, options));
    }

    /// <summary>Server, port and database, such as <c>localhost:5432/shop</c>.</summary>
    public string Name => _connections.Value.Database;

    TimeProvider IDatabaseSource.Time => _time;

    /// <summary>Opens a connection of the pool that Carillon uses too. Dispose it after use.</summary>
    /// <exception cref="CarillonException">
    /// The database cannot be used; with <see cref="ErrorCodes.ConnectionsExhausted"/> when all connections of the pool are in use.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The host is gone.</exception>
    public ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _connections.Value.OpenAsync(cancellation);
    }

    async ValueTask<Database> IDatabaseSource.OpenAsync(CancellationToken cancellation) => await OpenAsync(cancellation);

    /// <summary>The database in use; opened by the first who asks.</summary>
    internal async ValueTask<OpenDatabase> OpenAsync(CancellationToken cancellation)
    {
        if (_open is { } open)
            return open;
        await _opening.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            PostgreSqlSettings.Validate(_options);
            return _open ??= await OpenDatabase.OpenAsync(_connections.Value, _options, _time, _logger, cancellation);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Writes what is still to be written and closes all connections. The host's container does this.</summary>
    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync();
        try
        {
            if (_isClosed)
                return;
            _isClosed = true;
            if (_open is { } open)
                await open.DisposeAsync();
            if (_connections.IsValueCreated)
                await _connections.Value.DisposeAsync();
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>The same without waiting for its end, for containers that dispose synchronously.</summary>
    public void Dispose() => _ = DisposeAsync().AsTask();
}
