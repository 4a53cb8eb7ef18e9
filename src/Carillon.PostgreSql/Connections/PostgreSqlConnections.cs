using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Opens connections to one database, in the way that works with what stands before it.</summary>
internal sealed class PostgreSqlConnections : IAsyncDisposable, IDisposable
{
    private readonly DatabaseLocation _location;
    private readonly DatabaseLocation? _session;
    private readonly int _reserved;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private ConnectionPools? _pools;
    private volatile bool _isClosed;

    /// <summary>Nothing is opened before it is asked for.</summary>
    /// <param name="connectionString">The user's connection string.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public PostgreSqlConnections(string connectionString, PostgreSqlOptions options)
    {
        _location = DatabaseLocation.Parse(connectionString, options);
        _session = options.SessionConnectionString is { } session ? DatabaseLocation.Parse(session, options) : null;
        _reserved = options.ReservedConnections;
    }

    /// <summary>Server and database, for people to read.</summary>
    public string Database => _location.Name;

    /// <summary>Whether an open connection leads to the same database.</summary>
    public bool IsReachedBy(NpgsqlConnection connection) => _location.IsAt(connection.Host, connection.Port, connection.Database);

    /// <summary>Where sessions are opened, for people to read.</summary>
    public string SessionDatabase => (_session ?? _location).Name;

    /// <summary>Opens a connection of the user's pool, for a unit of work or for the user. Dispose it after use.</summary>
    /// <exception cref="CarillonException">The database cannot be used, or all connections of the pool are in use.</exception>
    /// <exception cref="ObjectDisposedException">The host is gone.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation) =>
        await OpenAsync((await GetPoolsAsync(cancellation)).Shared, Database, cancellation);

    /// <summary>Opens a connection for what Carillon does by itself, for a short time. Dispose it after use.</summary>
    /// <inheritdoc cref="OpenAsync(CancellationToken)"/>
    public async ValueTask<NpgsqlConnection> OpenReservedAsync(CancellationToken cancellation) =>
        await OpenAsync((await GetPoolsAsync(cancellation)).Reserved, Database, cancellation);

    /// <summary>Opens the connection that only leases are renewed by, for a short time: it is never in other hands for long. Dispose it after use.</summary>
    /// <inheritdoc cref="OpenAsync(CancellationToken)"/>
    public async ValueTask<NpgsqlConnection> OpenForLeasesAsync(CancellationToken cancellation) =>
        await OpenAsync((await GetPoolsAsync(cancellation)).Leases, Database, cancellation);

    /// <summary>Opens the connection of the thread that renews leases. The calling thread waits, and needs no other for it. Dispose it after use.</summary>
    /// <returns>The connection; null before anything else was opened.</returns>
    public NpgsqlConnection? OpenForHeartbeat() => Volatile.Read(ref _pools)?.Heartbeat.OpenConnection();

    /// <summary>Opens a connection that is a session of the server, is kept for a long time and takes no place in a pool.</summary>
    /// <returns>The connection; null where a pooler keeps no sessions.</returns>
    /// <exception cref="CarillonException">The database cannot be used.</exception>
    /// <exception cref="ObjectDisposedException">The host is gone.</exception>
    public async ValueTask<NpgsqlConnection?> OpenSessionAsync(CancellationToken cancellation) =>
        (await GetPoolsAsync(cancellation)).Session is { } source ? await OpenAsync(source, SessionDatabase, cancellation) : null;

    /// <summary>What stands before the server; found out by whoever asks first.</summary>
    /// <exception cref="CarillonException">The database cannot be used.</exception>
    public async ValueTask<PoolerMode> FindPoolerAsync(CancellationToken cancellation) => (await GetPoolsAsync(cancellation)).Pooler;

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        if (Interlocked.Exchange(ref _pools, null) is { } pools)
            await pools.DisposeAsync();
    }

    public void Dispose()
    {
        _isClosed = true;
        Interlocked.Exchange(ref _pools, null)?.Dispose();
    }

    private async ValueTask<ConnectionPools> GetPoolsAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _pools) is { } open)
            return open;
        await _opening.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return _pools ??= new ConnectionPools(_location, await ProbeAsync(_location, cancellation), await CheckSessionAsync(cancellation), _reserved);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async ValueTask<DatabaseLocation?> CheckSessionAsync(CancellationToken cancellation)
    {
        if (_session is null || await ProbeAsync(_session, cancellation) != PoolerMode.Transaction)
            return _session;
        throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
            $"Carillon:PostgreSql:{nameof(PostgreSqlOptions.SessionConnectionString)} leads to {_session.Name}, which is a pooler in transaction mode and keeps no session. Connect to the server itself, or leave it out.");
    }

    private static async ValueTask<PoolerMode> ProbeAsync(DatabaseLocation location, CancellationToken cancellation)
    {
        try
        {
            return await PoolerProbe.FindAsync(location, cancellation);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.From(e, location.Name, atCommit: false);
        }
    }

    private static async ValueTask<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, string database, CancellationToken cancellation)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellation);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.From(e, database, atCommit: false);
        }
    }
}
