using System.Collections.Concurrent;

namespace Carillon.PostgreSql;

/// <summary>The statements of one schema, put together once.</summary>
internal sealed class SqlTexts(string schema)
{
    private readonly ConcurrentDictionary<string, CompiledSql> _compiled = new(StringComparer.Ordinal);
    private readonly TableNames _tables = new(schema);

    public string Schema => schema;

    public CompiledSql Get(string sql) => _compiled.GetOrAdd(sql, static (sql, tables) => CompiledSql.From(sql, tables), _tables);
}
