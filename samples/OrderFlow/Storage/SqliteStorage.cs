using System.Data.Common;
using Carillon;
using Carillon.Sqlite;

namespace OrderFlow.Storage;

/// <summary>One SQLite file.</summary>
internal sealed class SqliteStorage(string folder) : IShopStorage
{
    public string Name { get; } = Path.GetFullPath(Path.Combine(folder, "shop.db"));

    public string RunningNumber => "INTEGER PRIMARY KEY AUTOINCREMENT";

    // A transaction that writes has the file to itself.
    public string? TakeTurns => null;

    public ICarillonBuilder Use(ICarillonBuilder carillon) => carillon.UseSqlite($"Data Source={Name}");

    public ValueTask<DbConnection> OpenAsync(IServiceProvider services, CancellationToken cancellation) =>
        ValueTask.FromResult<DbConnection>(services.GetRequiredService<SqliteFile>().OpenConnection());
}
