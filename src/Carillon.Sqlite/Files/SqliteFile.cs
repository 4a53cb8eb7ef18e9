using Carillon.Relational;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

/// <summary>
/// The file of a service, for code that keeps its own tables in it. Inject it; services that use the same file share it. Tables whose
/// names begin with <c>carillon_</c> are Carillon's.
/// </summary>
public sealed class SqliteFile : IDatabaseSource, IAsyncDisposable, IDisposable
{
    private readonly SqliteLocation _location;
    private readonly SqliteOptions _options;
    private readonly ConnectionFactory _factory;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private OpenFile? _open;
    private volatile bool _isClosed;

    internal SqliteFile(SqliteLocation location, SqliteOptions options, TimeProvider time, ILogger logger)
    {
        _location = location;
        _options = options;
        Time = time;
        _logger = logger;
        _factory = new ConnectionFactory(location);
    }

    /// <summary>The full path of the file.</summary>
    public string Path => _location.Path;

    internal TimeProvider Time { get; }

    TimeProvider IDatabaseSource.Time => Time;

    /// <summary>
    /// Opens a connection with the settings that keep the file safe: write-ahead log, <c>synchronous=FULL</c>, no automatic checkpoints
    /// (Carillon does them), foreign keys on, and waiting for locks as long as <see cref="SqliteOptions.BusyTimeout"/> says. Creates the file
    /// when it was never there. Dispose the connection after use; keep transactions short, because every writer waits for them.
    /// </summary>
    /// <exception cref="CarillonConfigurationException">
    /// With <see cref="ErrorCodes.InvalidConfiguration"/> or <see cref="ErrorCodes.UnsafeStorage"/>: the place cannot be used.
    /// </exception>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.UnsafeStorage"/>: the file was deleted or replaced.</exception>
    /// <exception cref="ObjectDisposedException">The host is gone.</exception>
    public SqliteConnection OpenConnection()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        _open?.ExpectOtherWriters();
        return _factory.Open(pooled: true);
    }

    /// <summary>The file in use; opened by the first who asks.</summary>
    internal async ValueTask<OpenFile> OpenAsync(CancellationToken cancellation)
    {
        if (_open is { } open)
            return open;
        await _opening.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            SqliteSettings.Validate(_options);
            return _open ??= await OpenFile.OpenAsync(_factory, _location.Companion, _options, Time, _logger, cancellation);
        }
        finally
        {
            _opening.Release();
        }
    }

    async ValueTask<Database> IDatabaseSource.OpenAsync(CancellationToken cancellation) => await OpenAsync(cancellation);

    /// <summary>Writes what is still to be written and closes the file. The host's container does this.</summary>
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
            _factory.ClearPool();
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>The same without waiting for its end, for containers that dispose synchronously.</summary>
    public void Dispose() => _ = DisposeAsync().AsTask();
}
