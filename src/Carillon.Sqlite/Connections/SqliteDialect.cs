using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>How SQLite, from 3.35 on, says what SQL does not say the same everywhere.</summary>
internal sealed class SqliteDialect : Dialect
{
    public static readonly SqliteDialect Instance = new();

    private SqliteDialect()
    {
    }

    public override string RandomNumber => "abs(random())";

    public override string NewName => "SELECT lower(hex(randomblob(16)))";

    public override string DeleteHandled =>
        "DELETE FROM carillon_inbox WHERE rowid IN (SELECT rowid FROM carillon_inbox WHERE handled < @before ORDER BY handled LIMIT @limit)";

    public override string EachPartition => "json_each(@partitions) AS part";

    public override string IsAmongNumbers(string column, string parameter) => $"{column} IN (SELECT value FROM json_each(@{parameter}))";

    public override string IsAmongTexts(string column, string parameter) => $"{column} IN (SELECT value FROM json_each(@{parameter}))";

    public override string IsAmong(string column, string query) => $"{column} IN ({query})";

    public override string EachText(string parameter, string table) => $"json_each(@{parameter}) AS {table}";

    public override string Larger(string one, string other) => $"max({one}, {other})";

    public override string IndexedBy(string index) => $"INDEXED BY {index}";

    public override string TakingFreeRows => "";

    public override string IsAmongPartitions(string column) => $"{column} IN (SELECT value FROM json_each(@partitions))";

    // One position for all partitions: the file has one writer, so what was ever given is committed.
    public override string Head(Log log) => $"SELECT seq FROM sqlite_sequence WHERE name = '{log.Table}' AND @partition >= 0";

    public override string Resembles(string column, IReadOnlyList<string> words)
    {
        var glob = string.Join('.', words.Select(word => word == "*" ? "?*" : word)).Replace("'", "''", StringComparison.Ordinal);
        return $"{column} GLOB '{glob}'";
    }
}
