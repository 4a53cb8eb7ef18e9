namespace Carillon.Relational;

/// <summary>The statements about parked messages. <c>waiting</c> is kept so that what can be claimed is found without looking at the rest.</summary>
internal sealed class ParkingSql(Dialect dialect)
{
    public const string Columns =
        $"parked, subscription, partition, position, state, due, blocks, parked_at, code, reason, attempts, {EnvelopeColumns.Names}";

    public const string Insert =
        $"""
        INSERT INTO carillon_parked (subscription, identity, partition, position, state, due, blocks, waiting, parked_at, code, reason, attempts, {EnvelopeColumns.Names})
        VALUES (@subscription, @identity, @partition, @position, @state, @due, @blocks, @waiting, @parkedAt, @code, @reason, @attempts, {EnvelopeColumns.Parameters})
        ON CONFLICT (subscription, identity) DO NOTHING
        """;

    private const string Due = "subscription = @subscription AND state = 0 AND waiting = 0 AND due <= @now AND (claim_until IS NULL OR claim_until <= @now)";

    /// <summary>Whether anything can be claimed in whatever partition, whether that is new since a time, and when the next change is due.</summary>
    public const string Outlook =
        $"""
        SELECT EXISTS (SELECT 1 FROM carillon_parked WHERE {Due}),
            EXISTS (SELECT 1 FROM carillon_parked WHERE {Due} AND (due > @seen OR claim_until > @seen)),
            (SELECT min(next) FROM (
                SELECT min(due) AS next FROM carillon_parked WHERE subscription = @subscription AND state = 0 AND waiting = 0 AND due > @now
                UNION ALL
                SELECT min(claim_until) FROM carillon_parked WHERE subscription = @subscription AND claim_until IS NOT NULL AND claim_until > @now) AS times)
        """;

    public const string Owner = "SELECT subscription FROM carillon_parked WHERE parked = @parked";

    public const string Update =
        """
        UPDATE carillon_parked SET state = @state, due = @due, blocks = @blocks, code = @code, reason = @reason, attempts = @attempts,
            claim = NULL, claim_owner = NULL, claim_process = NULL, claim_until = NULL
        WHERE parked = @parked AND state = 0 AND (claim IS NULL OR claim = @claim OR claim_until <= @now) RETURNING subscription, partition, key
        """;

    public const string Complete = "DELETE FROM carillon_parked WHERE parked = @parked RETURNING subscription, partition, key";

    /// <summary>What waits for an instance that can handle it.</summary>
    public const string Unhandled =
        "SELECT parked, key, type, version FROM carillon_parked WHERE subscription = @subscription AND partition = @partition AND state = 0 AND blocks = 0";

    public const string Revive = "UPDATE carillon_parked SET due = @now, blocks = 1, code = NULL, reason = NULL WHERE parked = @parked";

    public const string Replay =
        """
        UPDATE carillon_parked SET state = 0, due = @now, blocks = 1, code = NULL, reason = NULL,
            claim = NULL, claim_owner = NULL, claim_process = NULL, claim_until = NULL
        WHERE parked = @parked AND state = 1 RETURNING subscription, partition, key
        """;

    public const string Discard = "DELETE FROM carillon_parked WHERE parked = @parked AND state = 1 RETURNING subscription, partition, key";

    private const string Parked = "carillon_parked";

    /// <summary>The first message of a key that holds back what is behind it.</summary>
    public string First { get; } =
        $"""
        SELECT position, parked FROM {Parked} {dialect.IndexedBy("carillon_parked_order")}
        WHERE subscription = @subscription AND partition = @partition AND key = @key AND blocks = 1 ORDER BY position, parked LIMIT 1
        """;

    public string Free { get; } =
        $"""
        UPDATE {Parked} {dialect.IndexedBy("carillon_parked_order")} SET waiting = 0
        WHERE subscription = @subscription AND partition = @partition AND key = @key AND (position, parked) <= (@position, @parked) AND waiting = 1
        """;

    public string Hold { get; } =
        $"""
        UPDATE {Parked} {dialect.IndexedBy("carillon_parked_heads")} SET waiting = 1
        WHERE subscription = @subscription AND partition = @partition AND key = @key AND (position, parked) > (@position, @parked) AND waiting = 0
        """;

    public string CountByKey { get; } =
        $"""
        SELECT key, count(*) FROM {Parked}
        WHERE subscription = @subscription AND partition = @partition AND key IS NOT NULL AND blocks = 1 GROUP BY key
        """;

    public string IsDue { get; } = $"SELECT EXISTS (SELECT 1 FROM {Parked} WHERE {Due} AND {dialect.IsAmongPartitions("partition")})";

    public string SelectDue { get; } =
        $"SELECT {Columns} FROM {Parked} WHERE {Due} AND {dialect.IsAmongPartitions("partition")} ORDER BY due, parked LIMIT @limit";

    public string Claim { get; } =
        $"""
        UPDATE {Parked} SET claim = {dialect.RandomNumber}, claim_owner = @owner, claim_process = @process, claim_until = @until
        WHERE parked = @parked AND state = 0 AND (claim_until IS NULL OR claim_until <= @now) RETURNING claim
        """;

    public static ParkingSql Of(Session session) => session.Dialect.Get(static dialect => new ParkingSql(dialect));
}
