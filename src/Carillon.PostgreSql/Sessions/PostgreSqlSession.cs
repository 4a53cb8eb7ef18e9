using Carillon.Relational;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>A connection and the commands that were used on it. Disposing it leaves the connection to its owner.</summary>
internal sealed class PostgreSqlSession(NpgsqlConnection connection, SqlTexts texts) : Session, IDisposable
{
    private Dictionary<string, PostgreSqlStatement>? _statements;

    public override Dialect Dialect => PostgreSqlDialect.Instance;

    public override PostgreSqlStatement Prepare(string sql)
    {
        _statements ??= new(StringComparer.Ordinal);
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new PostgreSqlStatement(connection, texts.Get(sql)));
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _statements?.Values ?? Enumerable.Empty<PostgreSqlStatement>())
            statement.Dispose();
        _statements = null;
    }
}
