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
    private readonly CancellationTokenSource _closing = new();
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

    /// <summary>Whether an open connection leads to it.</summary>
    internal bool IsReachedBy(NpgsqlConnection connection) => _connections.Value.IsReachedBy(connection);

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
            return _open ??= await OpenFirstAsync(cancellation);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>
    /// Writes what is still to be written and closes all connections. The host's container does this. Where the server does not answer, it is left alone
    /// after 2 seconds.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
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

    /// <summary>Waits for a server that is away, which may be starting too.</summary>
    private async ValueTask<OpenDatabase> OpenFirstAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        var patience = new Patience(_time);
        var began = _time.GetTimestamp();
        for (var isSaid = false; ; isSaid = true)
        {
            try
            {
                return await OpenDatabase.OpenAsync(_connections.Value, _options, _time, _logger, either.Token);
            }
            catch (Exception e) when (e is StorageFailedException || StorageFailure.Explains(e))
            {
                var failure = StorageFailure.From(e, Name, atCommit: false);
                if (!failure.IsUnreachable)
                    throw failure.Code == ErrorCodes.InvalidConfiguration ? new CarillonConfigurationException(failure.Code, failure.Reason, failure) : failure;
                if (_time.GetElapsedTime(began) >= _options.StartupPatience)
                    throw NotReached(failure);
                if (!isSaid)
                    _logger.WaitingForServer(Name, _options.StartupPatience, failure.Reason);
                await patience.AfterFailureAsync(either.Token);
                either.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private CarillonException NotReached(StorageFailedException failure) => new(failure.Code,
        $"{Name} was not reached within {_options.StartupPatience} of the start. Start the server, correct the connection string, or raise Carillon:PostgreSql:{nameof(PostgreSqlOptions.StartupPatience)}. {failure.Reason}", failure);
}
