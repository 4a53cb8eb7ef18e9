using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using OrderFlow.Storage;

namespace OrderFlow.CrashTests;

/// <summary>A SQLite file for the rows of one world. Nothing of it has to survive the machine, so nothing is flushed.</summary>
internal sealed class SqlFile : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".db");

    static SqlFile() => SQLitePCL.Batteries_V2.Init();

    /// <param name="schema">The statements that create the tables.</param>
    public SqlFile(IEnumerable<string> schema)
    {
        using var connection = Create();
        connection.Open();
        foreach (var statement in schema.Prepend("PRAGMA journal_mode = WAL"))
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement.Replace(ShopDatabase.RunningNumber, "INTEGER PRIMARY KEY AUTOINCREMENT", StringComparison.Ordinal);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>A connection that is not open.</summary>
    public DbConnection Create() => new SqliteConnection($"Data Source={_path}");

    /// <summary>The one number that a query gives, of what is committed.</summary>
    public long Number(string query)
    {
        using var connection = Create();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        using (var connection = new SqliteConnection($"Data Source={_path}"))
            SqliteConnection.ClearPool(connection);
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(_path)!, Path.GetFileName(_path) + "*"))
            File.Delete(file);
    }
}
