using Carillon.Scheduling;

namespace Carillon.Relational;

/// <summary>
/// The statements about messages that are to be published later. Whoever publishes or cancels one takes its row first, so that only one of them does it.
/// </summary>
internal sealed class ScheduleSql(Dialect dialect)
{
    public const string Remove = "DELETE FROM carillon_scheduled WHERE scheduled = @scheduled";
    public const string Postpone = "UPDATE carillon_scheduled SET due = @due, reason = @reason WHERE scheduled = @scheduled";
    public const string Next = "SELECT min(due) FROM carillon_scheduled";

    /// <summary>
    /// Adds a message, or schedules anew the same one that waits already. No row where another one has its id; what makes them the same is that of
    /// <see cref="ScheduleRefusal.IsSame"/>.
    /// </summary>
    public static readonly string Add =
        $"""
        INSERT INTO carillon_scheduled AS waiting (due, log, identity, {EnvelopeColumns.Names}) VALUES (@due, @log, @identity, {EnvelopeColumns.Parameters})
        ON CONFLICT (identity) DO UPDATE SET due = excluded.due, log = excluded.log, reason = NULL,
            {string.Join(", ", EnvelopeColumns.Names.Split(", ").Select(column => $"{column} = excluded.{column}"))}
        WHERE waiting.kind = excluded.kind AND coalesce(waiting.topic, '') = coalesce(excluded.topic, '')
            AND coalesce(waiting.destination, '') = coalesce(excluded.destination, '') AND coalesce(waiting.type, '') = coalesce(excluded.type, '')
            AND waiting.version = excluded.version AND coalesce(waiting.key, '') = coalesce(excluded.key, '') AND waiting.body = excluded.body
        """;

    /// <summary>A message by its id, unless somebody is about to publish or to cancel it.</summary>
    public string Find { get; } = $"SELECT scheduled FROM carillon_scheduled WHERE identity = @identity {dialect.TakingFreeRows}";

    /// <summary>What is due behind a place in the order of their times, unless somebody is about to cancel it.</summary>
    public string Due { get; } = SelectDue($"scheduled, log, due, {EnvelopeColumns.Names}", dialect);

    /// <summary>How large those are, in the same order, without reading them.</summary>
    public string DueSizes { get; } = SelectDue("coalesce(length(body), 0) + coalesce(length(headers), 0)", dialect);

    public static ScheduleSql Of(Session session) => session.Dialect.Get(static dialect => new ScheduleSql(dialect));

    private static string SelectDue(string columns, Dialect dialect) =>
        $"""
        SELECT {columns} FROM carillon_scheduled
        WHERE due <= @now AND (due, scheduled) > (@behind, @last) ORDER BY due, scheduled LIMIT @limit {dialect.TakingFreeRows}
        """;
}
