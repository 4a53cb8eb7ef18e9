using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>
/// Opens connections to one file, all with the settings that durability asks for, and never to a file that took the place of the one
/// that was opened first.
/// </summary>
internal sealed class ConnectionFactory
{
    private const long WalSizeLimitBytes = 64L << 20;
    private readonly SqliteLocation _location;
    private readonly Lock _lock = new();
    private FileIdentity _identity;
    private FileIdentity _log;

    static ConnectionFactory() => Batteries_V2.Init();

    public ConnectionFactory(SqliteLocation location) => _location = location;

    public string Path => _location.Path;

    /// <summary>How long a connection waits for a lock inside SQLite.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Opens a connection; creates the file when it was never there.</summary>
    /// <param name="pooled">Whether the native handle outlives the connection, for code that opens many.</param>
    /// <param name="waits">Whether SQLite waits for locks; otherwise it says at once that the file is busy.</param>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.UnsafeStorage"/> when the file was deleted or replaced.</exception>
    public SqliteConnection Open(bool pooled = false, bool waits = true)
    {
        var isKnown = EnsureSafe();
        var connection = new SqliteConnection(ConnectionString(pooled, create: !isKnown));
        try
        {
            connection.Open();
            Configure(connection, isKnown, waits);
            Remember();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file is still the one that was opened first, and the log beside it the one that is written.</summary>
    public bool IsInPlace()
    {
        lock (_lock)
            return (!_identity.Exists || FileIdentity.Of(Path) == _identity) && (!_log.Exists || FileIdentity.Of(Path + "-wal") == _log);
    }

    /// <summary>A connection that stays open has written: the log beside the file is the one in use until <see cref="ForgetLog"/>.</summary>
    public void RememberLog()
    {
        lock (_lock)
        {
            if (!_log.Exists)
                _log = FileIdentity.Of(Path + "-wal");
        }
    }

    /// <summary>That connection is closed: SQLite itself may remove the log.</summary>
    public void ForgetLog()
    {
        lock (_lock)
            _log = default;
    }

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.UnsafeStorage"/>.</exception>
    public void CheckInPlace()
    {
        if (!IsInPlace())
            throw new CarillonException(ErrorCodes.UnsafeStorage, Misplaced(Path));
    }

    /// <summary>What to tell people about a file that is not where it was.</summary>
    public static string Misplaced(string path) =>
        $"The SQLite file {path} or the log beside it was deleted, moved or replaced while it was open. Nothing is stored until it is back in its place or the process is restarted.";

    /// <summary>Closes the native handles that pooled connections left open.</summary>
    public void ClearPool()
    {
        foreach (var create in (ReadOnlySpan<bool>)[false, true])
        {
            using var connection = new SqliteConnection(ConnectionString(pooled: true, create));
            SqliteConnection.ClearPool(connection);
        }
    }

    private bool EnsureSafe()
    {
        lock (_lock)
        {
            if (_identity.Exists)
            {
                CheckInPlace();
                return true;
            }
        }

        StorageSafety.Check(Path);
        return false;
    }

    private void Remember()
    {
        lock (_lock)
        {
            if (!_identity.Exists)
                _identity = FileIdentity.Of(Path);
            else
                CheckInPlace();
        }
    }

    private string ConnectionString(bool pooled, bool create) => new SqliteConnectionStringBuilder(_location.Settings.ConnectionString)
    {
        DataSource = Path,
        Mode = create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
        Pooling = pooled,
        ForeignKeys = true,
        // SQLite itself waits for locks; what the library would wait on top, in steps of 150 ms, is over after the first try.
        DefaultTimeout = 1,
    }.ConnectionString;

    private void Configure(SqliteConnection connection, bool isKnown, bool waits)
    {
        using var command = connection.CreateCommand();
        if (!isKnown)
        {
            command.CommandText = "PRAGMA busy_timeout = 5000";
            command.ExecuteNonQuery();
            command.CommandText = "PRAGMA journal_mode = WAL";
            if (command.ExecuteScalar() is not "wal")
            {
                throw new CarillonConfigurationException(ErrorCodes.UnsafeStorage,
                    $"The SQLite file {Path} cannot keep a write-ahead log. Put it on a local disk that the process may write.");
            }
        }

        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA busy_timeout = {(waits ? (long)BusyTimeout.TotalMilliseconds : 0)};
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA foreign_keys = ON;
            PRAGMA journal_size_limit = {WalSizeLimitBytes};
            PRAGMA mmap_size = 0;
            """);
        command.ExecuteNonQuery();
    }
}
