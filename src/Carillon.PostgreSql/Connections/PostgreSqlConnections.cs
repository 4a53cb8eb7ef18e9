using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// Opens connections to one database: pooled, and each looked at once, when it is physically opened, whether its server can be written to.
/// </summary>
internal sealed class PostgreSqlConnections : IAsyncDisposable, IDisposable
{
    private readonly DatabaseLocation _location;
    private readonly NpgsqlDataSource _pool;
    private readonly NpgsqlDataSource _single;

    /// <summary>Nothing is opened before it is asked for.</summary>
    /// <param name="connectionString">The user's connection string.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public PostgreSqlConnections(string connectionString, PostgreSqlOptions options)
    {
        _location = DatabaseLocation.Parse(connectionString, options);
        _pool = Build(_location.Settings);
        _single = Build(new NpgsqlConnectionStringBuilder(_location.Settings.ConnectionString) { Pooling = false });
    }

    /// <summary>Server and database, for people to read.</summary>
    public string Database => _location.Name;

    /// <summary>Opens a connection of the pool. Dispose it after use.</summary>
    /// <exception cref="CarillonException">The database cannot be used, or all connections of the pool are in use.</exception>
    /// <exception cref="ObjectDisposedException">The host is gone.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation) => OpenAsync(_pool, cancellation);

    /// <summary>Opens a connection that is kept for a long time and takes no place in the pool.</summary>
    /// <exception cref="CarillonException">The database cannot be used.</exception>
    /// <exception cref="ObjectDisposedException">The host is gone.</exception>
    public ValueTask<NpgsqlConnection> OpenSingleAsync(CancellationToken cancellation) => OpenAsync(_single, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _single.DisposeAsync();
    }

    public void Dispose()
    {
        _pool.Dispose();
        _single.Dispose();
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings) =>
        new NpgsqlDataSourceBuilder(settings.ConnectionString).UsePhysicalConnectionInitializer(ServerCheck.Run, ServerCheck.RunAsync).Build();

    private async ValueTask<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellation);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.From(e, Database, atCommit: false);
        }
    }
}
