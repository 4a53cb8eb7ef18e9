using System.Text;

namespace Carillon.Relational;

/// <summary>The statements that show dead letters: only the conditions that were asked for.</summary>
internal static class DeadLetterSql
{
    private const string Condition = "FROM carillon_parked dead WHERE dead.state <> 0";

    private const string Select =
        $"""
        SELECT {ParkingSql.Columns},
            CASE WHEN dead.key IS NULL OR dead.blocks = 0 THEN 0 ELSE (
                SELECT count(*) FROM carillon_parked later WHERE later.subscription = dead.subscription AND later.partition = dead.partition AND later.key = dead.key
                AND later.blocks = 1 AND (later.position, later.parked) > (dead.position, dead.parked) AND later.state = 0) END
        {Condition}
        """;

    public const string Find = $"{Select} AND parked = @parked";

    public static string Page(DeadLetterQuery query) => Filtered($"{Select} AND parked > @after", query).Append(" ORDER BY parked LIMIT @limit").ToString();

    public static string Count(DeadLetterQuery query) => Filtered($"SELECT count(*) {Condition}", query).ToString();

    public static Statement SetPage(Statement statement, DeadLetterQuery query) => SetFilters(statement.Set("after", query.After).Set("limit", query.Limit), query);

    public static Statement SetFilters(Statement statement, DeadLetterQuery query)
    {
        foreach (var (name, value) in Equalities(query))
            statement.Set(name, value);
        return query.ExceptCode is { } code ? statement.Set("except", code) : statement;
    }

    private static StringBuilder Filtered(string sql, DeadLetterQuery query)
    {
        var filtered = new StringBuilder(sql);
        foreach (var (name, _) in Equalities(query))
            filtered.Append(" AND ").Append(name).Append(" = @").Append(name);
        return query.ExceptCode is null ? filtered : filtered.Append(" AND (code IS NULL OR code <> @except)");
    }

    private static IEnumerable<(string Name, string Value)> Equalities(DeadLetterQuery query)
    {
        if (query.Subscription is { } subscription)
            yield return ("subscription", subscription);
        if (query.Type is { } type)
            yield return ("type", type);
        if (query.Key is { } key)
            yield return ("key", key);
        if (query.Code is { } code)
            yield return ("code", code);
    }
}
