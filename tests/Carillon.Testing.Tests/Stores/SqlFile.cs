using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Carillon.Testing.Tests.Stores;

/// <summary>A SQLite file for the user's rows of one test.</summary>
internal sealed class SqlFile : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".db");

    static SqlFile() => SQLitePCL.Batteries_V2.Init();

    public SqlFile()
    {
        using var connection = Create();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        command.ExecuteNonQuery();
    }

    /// <summary>A connection that is not open.</summary>
    public DbConnection Create() => new SqliteConnection($"Data Source={_path};Pooling=False");

    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(_path)!, Path.GetFileName(_path) + "*"))
            File.Delete(file);
    }
}
