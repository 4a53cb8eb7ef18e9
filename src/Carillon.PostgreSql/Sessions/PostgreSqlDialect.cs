using Carillon.Relational;

namespace Carillon.PostgreSql;

/// <summary>How PostgreSQL, from 13 on, says what SQL does not say the same everywhere.</summary>
internal sealed class PostgreSqlDialect : Dialect
{
    public static readonly PostgreSqlDialect Instance = new();

    private PostgreSqlDialect()
    {
    }

    public override string RandomNumber => "(random() * 9007199254740991)::bigint";

    public override string NewName => "SELECT gen_random_uuid()::text";

    // Claims lock the rows that they have just written; what is locked is passed by, so that neither waits for the other.
    public override string DeleteHandled =>
        "DELETE FROM carillon_inbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM carillon_inbox WHERE handled < @before ORDER BY handled LIMIT @limit FOR UPDATE SKIP LOCKED))";

    public override string EachPartition => "json_array_elements_text(@partitions::json) AS part (value)";

    public override string IsAmongNumbers(string column, string parameter) =>
        $"{column} = ANY (ARRAY(SELECT value::bigint FROM json_array_elements_text(@{parameter}::json)))";

    public override string IsAmongTexts(string column, string parameter) =>
        $"{column} = ANY (ARRAY(SELECT value FROM json_array_elements_text(@{parameter}::json)))";

    public override string IsAmong(string column, string query) => $"{column} = ANY (ARRAY({query}))";

    public override string EachText(string parameter, string table) => $"json_array_elements_text(@{parameter}::json) AS {table} (value)";

    public override string Larger(string one, string other) => $"greatest({one}, {other})";

    public override string IndexedBy(string index) => "";

    public override string TakingFreeRows => "FOR UPDATE SKIP LOCKED";

    public override string IsAmongPartitions(string column) => $"{column} IN (SELECT value FROM json_array_elements_text(@partitions::json))";

    // Whoever appends to a partition holds its lock until the commit, so what is there now is all there is up to it.
    public override string Head(Log log) => $"SELECT max(position) FROM {log.Table} WHERE partition = @partition";

    public override string Resembles(string column, IReadOnlyList<string> words)
    {
        var expression = string.Join("\\.", words.Select(word => word == "*" ? ".+" : word)).Replace("'", "''", StringComparison.Ordinal);
        return $"{column} COLLATE \"C\" ~ '^{expression}$'";
    }
}
