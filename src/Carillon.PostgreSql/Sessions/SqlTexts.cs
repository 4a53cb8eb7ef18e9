using System.Collections.Concurrent;

namespace Carillon.PostgreSql;

/// <summary>The statements of one schema, put together once.</summary>
internal sealed class SqlTexts(string schema)
{
    private readonly ConcurrentDictionary<string, CompiledSql> _compiled = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _locks = new(StringComparer.Ordinal);
    private readonly TableNames _tables = new(schema);

    public string Schema => schema;

    /// <summary>The first of the two numbers of the locks of a table's partitions.</summary>
    public int LockOf(string table) => _locks.GetOrAdd(table, static (table, schema) => AdvisoryLocks.Partitions(schema, table), schema);

    public CompiledSql Get(string sql) => _compiled.GetOrAdd(sql, static (sql, tables) => CompiledSql.From(sql, tables), _tables);
}
