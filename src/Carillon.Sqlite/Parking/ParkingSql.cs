namespace Carillon.Sqlite;

/// <summary>The statements about parked messages. <c>waiting</c> is kept so that what can be claimed is found without looking at the rest.</summary>
internal static class ParkingSql
{
    public const string Columns =
        $"parked, subscription, partition, position, state, due, blocks, parked_at, code, reason, attempts, {EnvelopeColumns.Names}";

    public const string Insert =
        $"""
        INSERT INTO carillon_parked (subscription, identity, partition, position, state, due, blocks, waiting, parked_at, code, reason, attempts, {EnvelopeColumns.Names})
        VALUES (@subscription, @identity, @partition, @position, @state, @due, @blocks, @waiting, @parkedAt, @code, @reason, @attempts, {EnvelopeColumns.Parameters})
        ON CONFLICT (subscription, identity) DO NOTHING
        """;

    /// <summary>The first message of a key that holds back what is behind it.</summary>
    public const string First =
        """
        SELECT position, parked FROM carillon_parked INDEXED BY carillon_parked_order
        WHERE subscription = @subscription AND key = @key AND (state = 0 OR blocks = 1) ORDER BY position, parked LIMIT 1
        """;

    public const string Free =
        """
        UPDATE carillon_parked INDEXED BY carillon_parked_order SET waiting = 0
        WHERE subscription = @subscription AND key = @key AND (position, parked) <= (@position, @parked) AND waiting = 1
        """;

    public const string Hold =
        """
        UPDATE carillon_parked INDEXED BY carillon_parked_heads SET waiting = 1
        WHERE subscription = @subscription AND key = @key AND (position, parked) > (@position, @parked) AND waiting = 0
        """;

    public const string CountByKey =
        """
        SELECT key, count(*) FROM carillon_parked
        WHERE subscription = @subscription AND key IS NOT NULL AND (state = 0 OR blocks = 1)
            AND partition IN (SELECT value FROM json_each(@partitions)) GROUP BY key
        """;

    private const string Due = "subscription = @subscription AND state = 0 AND waiting = 0 AND due <= @now AND (claim_until IS NULL OR claim_until <= @now)";

    public const string IsDue = $"SELECT EXISTS (SELECT 1 FROM carillon_parked WHERE {Due} AND partition IN (SELECT value FROM json_each(@partitions)))";

    public const string SelectDue =
        $"SELECT {Columns} FROM carillon_parked WHERE {Due} AND partition IN (SELECT value FROM json_each(@partitions)) ORDER BY due, parked LIMIT @limit";

    public const string Claim =
        """
        UPDATE carillon_parked SET claim = abs(random()), claim_owner = @owner, claim_process = @process, claim_until = @until
        WHERE parked = @parked AND state = 0 AND (claim_until IS NULL OR claim_until <= @now) RETURNING claim
        """;

    /// <summary>Whether anything can be claimed in whatever partition, whether that is new since a time, and when the next change is due.</summary>
    public const string Outlook =
        $"""
        SELECT EXISTS (SELECT 1 FROM carillon_parked WHERE {Due}),
            EXISTS (SELECT 1 FROM carillon_parked WHERE {Due} AND (due > @seen OR claim_until > @seen)),
            min(ifnull((SELECT min(due) FROM carillon_parked WHERE subscription = @subscription AND state = 0 AND waiting = 0 AND due > @now), 9223372036854775807),
                ifnull((SELECT min(claim_until) FROM carillon_parked WHERE subscription = @subscription AND claim_until IS NOT NULL AND claim_until > @now), 9223372036854775807))
        """;

    public const string Update =
        """
        UPDATE carillon_parked SET state = @state, due = @due, blocks = @blocks, code = @code, reason = @reason, attempts = @attempts,
            claim = NULL, claim_owner = NULL, claim_process = NULL, claim_until = NULL
        WHERE parked = @parked AND state = 0 AND (claim IS NULL OR claim = @claim OR claim_until <= @now) RETURNING subscription, key
        """;

    public const string Complete = "DELETE FROM carillon_parked WHERE parked = @parked RETURNING subscription, key";

    public const string Replay =
        """
        UPDATE carillon_parked SET state = 0, due = @now, blocks = 1, code = NULL, reason = NULL,
            claim = NULL, claim_owner = NULL, claim_process = NULL, claim_until = NULL
        WHERE parked = @parked AND state = 1 RETURNING subscription, key
        """;

    public const string Discard = "DELETE FROM carillon_parked WHERE parked = @parked AND state = 1 RETURNING subscription, key";
}
