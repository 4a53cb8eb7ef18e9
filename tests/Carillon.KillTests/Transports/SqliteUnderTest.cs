using System.Data.Common;
using Carillon.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.KillTests;

/// <summary>One SQLite file, which is the handlers' database too.</summary>
internal class SqliteUnderTest(string path, Timing timing) : DatabaseUnderTest
{
    private const int MostSecondsToWait = 3;

    protected override string CreateTables =>
        """
        CREATE TABLE IF NOT EXISTS kill_effects (
            position INTEGER PRIMARY KEY AUTOINCREMENT, subscription TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
            message TEXT NOT NULL, process TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS kill_bookings (key TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (key, version))
        """;

    public override ICarillonBuilder Use(ICarillonBuilder carillon) => carillon.UseSqlite($"Data Source={path}", Configure);

    public override void Use(DbContextOptionsBuilder options) => options.UseSqlite($"Data Source={path}", sqlite =>
        // A handler that hangs holds the one write lock: whoever is asked to stop must not wait for it for long.
        sqlite.CommandTimeout((int)Math.Min(timing.WatchedLease.TotalSeconds, MostSecondsToWait)));

    public override ValueTask<DbConnection> OpenConnectionAsync(IServiceProvider services) =>
        ValueTask.FromResult<DbConnection>(services.GetRequiredService<SqliteFile>().OpenConnection());

    protected override DbConnection Open() => Open(path);

    protected void Configure(SqliteOptions sqlite)
    {
        sqlite.LeaseTime = timing.WatchedLease;
        // Nobody may wait for the write lock for longer than a lease lasts.
        sqlite.BusyTimeout = timing.Wait < timing.WatchedLease ? timing.Wait : timing.WatchedLease;
    }

    protected static DbConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }
}
