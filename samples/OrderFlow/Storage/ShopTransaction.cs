using Microsoft.Data.Sqlite;

namespace OrderFlow.Storage;

/// <summary>One transaction on the shop's tables: what it reads and writes belongs together.</summary>
internal sealed class ShopTransaction(SqliteConnection connection, SqliteTransaction transaction)
{
    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first row of a query, or null.</summary>
    public TRow? First<TRow>(string sql, Func<SqliteDataReader, TRow> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TRow : class
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    /// <summary>All rows of a query.</summary>
    public IReadOnlyList<TRow> All<TRow>(string sql, Func<SqliteDataReader, TRow> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<TRow>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
