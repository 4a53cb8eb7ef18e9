using System.Globalization;
using Carillon.Relational;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite;

/// <summary>A prepared command of SQLite. It answers at once: the database is in this process.</summary>
internal sealed class SqliteStatement : Statement, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _command;
    private readonly Dictionary<string, SqliteParameter> _parameters = new(StringComparer.Ordinal);
    private RepeatedInsert? _repeated;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        foreach (var name in ParameterNames(sql))
        {
            if (!_parameters.ContainsKey(name))
                _parameters.Add(name, _command.Parameters.Add(new SqliteParameter("@" + name, DBNull.Value)));
        }

        _command.Prepare();
    }

    public override SqliteStatement Set(string name, long? value) => SetValue(name, value);

    public override SqliteStatement Set(string name, string? value) => SetValue(name, value);

    public override SqliteStatement Set(string name, byte[]? value) => SetValue(name, value);

    public void JoinTransaction(SqliteTransaction? transaction) => _command.Transaction = transaction;

    /// <returns>How many rows changed.</returns>
    public int Execute() => _command.ExecuteNonQuery();

    /// <returns>The first column of the first row, or null when there is none or it is null.</returns>
    public long? Number() =>
        _command.ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;

    /// <returns>The first column of the first row, or null when there is none or it is null.</returns>
    public string? Text() => _command.ExecuteScalar() is { } value and not DBNull ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    public SqliteDataReader Read() => _command.ExecuteReader();

    public override ValueTask<int> ExecuteAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Execute());
    }

    public override ValueTask QueueAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        (_repeated ??= new RepeatedInsert(_connection, _command.CommandText)).Execute(_command.Parameters.Cast<SqliteParameter>());
        return ValueTask.CompletedTask;
    }

    public override ValueTask<long?> NumberAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Number());
    }

    public override ValueTask<string?> TextAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Text());
    }

    public override ValueTask<Rows> ReadAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult<Rows>(new SqliteRows(Read()));
    }

    public void Dispose()
    {
        _command.Dispose();
        _repeated?.Dispose();
    }

    private SqliteStatement SetValue(string name, object? value)
    {
        _parameters[name].Value = value ?? DBNull.Value;
        return this;
    }

    private static IEnumerable<string> ParameterNames(string sql)
    {
        for (var at = sql.IndexOf('@', StringComparison.Ordinal); at >= 0; at = sql.IndexOf('@', at + 1))
        {
            var end = at + 1;
            while (end < sql.Length && char.IsAsciiLetterOrDigit(sql[end]))
                end++;
            yield return sql[(at + 1)..end];
        }
    }
}
