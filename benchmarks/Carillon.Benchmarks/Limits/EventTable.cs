using Microsoft.Data.Sqlite;

namespace Carillon.Benchmarks;

/// <summary>One table in a file of its own, as fast as SQLite writes it durably: write-ahead log, synchronous=FULL, a prepared insert.</summary>
public sealed class EventTable : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _commit;
    private readonly SqliteParameter _body;
    private readonly string _folder;

    public EventTable(string parent)
    {
        _folder = Directory.CreateDirectory(Path.Combine(parent, $"carillon-benchmark-{Guid.NewGuid():N}")).FullName;
        _connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "events.db")};Pooling=False");
        _connection.Open();
        Command("PRAGMA journal_mode=WAL").ExecuteNonQuery();
        Command("PRAGMA synchronous=FULL").ExecuteNonQuery();
        Command("CREATE TABLE events (position INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL)").ExecuteNonQuery();
        _begin = Command("BEGIN IMMEDIATE");
        _insert = Command("INSERT INTO events (body) VALUES (@body)");
        _body = _insert.Parameters.Add("@body", SqliteType.Blob);
        _commit = Command("COMMIT");
    }

    public void Begin() => _begin.ExecuteNonQuery();

    public void Insert(byte[] body)
    {
        _body.Value = body;
        _insert.ExecuteNonQuery();
    }

    public void Commit() => _commit.ExecuteNonQuery();

    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
