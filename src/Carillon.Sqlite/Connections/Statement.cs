using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite;

/// <summary>A prepared command that is kept and used again. Parameters are set by name, without the <c>@</c>.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly Dictionary<string, SqliteParameter> _parameters = new(StringComparer.Ordinal);

    public Statement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        foreach (var name in ParameterNames(sql))
        {
            if (!_parameters.ContainsKey(name))
                _parameters.Add(name, _command.Parameters.Add(new SqliteParameter("@" + name, DBNull.Value)));
        }

        _command.Prepare();
    }

    public Statement Set(string name, object? value)
    {
        _parameters[name].Value = value ?? DBNull.Value;
        return this;
    }

    public void JoinTransaction(SqliteTransaction? transaction) => _command.Transaction = transaction;

    /// <returns>How many rows changed.</returns>
    public int Execute() => _command.ExecuteNonQuery();

    /// <returns>The first column of the first row, or null when there is none or it is null.</returns>
    public long? Number() =>
        _command.ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;

    /// <returns>The first column of the first row, or null when there is none or it is null.</returns>
    public string? Text() => _command.ExecuteScalar() is { } value and not DBNull ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    public SqliteDataReader Read() => _command.ExecuteReader();

    public void Dispose() => _command.Dispose();

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
