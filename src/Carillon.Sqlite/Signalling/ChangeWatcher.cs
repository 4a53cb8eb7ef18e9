using Carillon.Relational;
using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

/// <summary>
/// Notices what other processes change: by the bell, and in case it was not heard, by looking at the file now and then.
/// </summary>
internal sealed class ChangeWatcher : IDisposable
{
    private static readonly TimeSpan BlindInterval = TimeSpan.FromMilliseconds(20);
    private readonly ConnectionFactory _factory;
    private readonly DatabaseChanges _changes;
    private readonly ILogger _logger;
    private readonly FileSystemWatcher? _watcher;
    private PreparedConnection? _connection;
    private long _version;
    private volatile bool _isBlind;
    private bool _isFailing;

    public ChangeWatcher(ConnectionFactory factory, string companion, DatabaseChanges changes, ILogger logger)
    {
        _factory = factory;
        _changes = changes;
        _logger = logger;
        try
        {
            _watcher = new FileSystemWatcher(companion, Bell.FileName) { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size };
            _watcher.Changed += (_, _) => _changes.Raise(DatabaseChange.Any);
            _watcher.Error += (_, e) => GoBlind(e.GetException());
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or PlatformNotSupportedException)
        {
            GoBlind(e);
        }
    }

    /// <summary>Looks at the file until cancelled.</summary>
    public async Task RunAsync(TimeSpan interval, TimeProvider time, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                Look();
                await Task.Delay(_isBlind && interval > BlindInterval ? BlindInterval : interval, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The file is being closed.
        }
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _connection?.Dispose();
    }

    private void Look()
    {
        try
        {
            _connection ??= new PreparedConnection(_factory.Open());
            var version = _connection.Prepare("PRAGMA data_version").Number() ?? 0;
            _isFailing = false;
            if (version == _version)
                return;
            _version = version;
            _changes.Raise(DatabaseChange.Any);
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or CarillonException)
        {
            if (!_isFailing)
                _logger.WorkFailed(e, _factory.Path, "looking for changes");
            _isFailing = true;
            _connection?.Dispose();
            _connection = null;
        }
    }

    private void GoBlind(Exception? reason)
    {
        if (_isBlind)
            return;
        _isBlind = true;
        _logger.CannotWatch(reason, _factory.Path, BlindInterval.TotalMilliseconds);
        _changes.Raise(DatabaseChange.Any);
    }
}
