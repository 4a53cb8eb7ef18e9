namespace Carillon.Relational;

/// <summary>
/// The statements about parked messages. <c>head</c> marks the first message of a key that holds others back, so that what can be claimed is found without
/// looking at the rest.
/// </summary>
internal sealed class ParkingSql(Dialect dialect)
{
    public const string Columns =
        $"parked, subscription, partition, position, state, blocks, parked_at, code, reason, attempts, rounds, replayed, {EnvelopeColumns.NamesOfIndexed}";

    public const string Insert =
        $"""
        INSERT INTO carillon_parked (subscription, identity, partition, position, state, due, since, blocks, head, claimed, parked_at, code, reason, attempts, rounds, long_key,
            {EnvelopeColumns.Names})
        VALUES (@subscription, @identity, @partition, @position, @state, @due, @since, @blocks, @head, 0, @parkedAt, @code, @reason, @attempts, @rounds, @longKey,
            {EnvelopeColumns.Parameters})
        ON CONFLICT (subscription, identity) DO NOTHING
        """;

    /// <summary>Gives a partition to its next owner, unless a later one has it.</summary>
    public const string TakeOver =
        """
        INSERT INTO carillon_parking AS owner (subscription, partition, epoch, fence) VALUES (@subscription, @partition, 1, @fence)
        ON CONFLICT (subscription, partition) DO UPDATE SET epoch = owner.epoch + 1, fence = coalesce(excluded.fence, owner.fence)
        WHERE owner.fence IS NULL OR excluded.fence IS NULL OR excluded.fence >= owner.fence RETURNING epoch
        """;

    /// <summary>The highest number of all parked messages.</summary>
    public const string Last = "SELECT max(parked) FROM carillon_parked";

    public const string FreeClaims =
        "UPDATE carillon_parked SET claimed = 0 WHERE subscription = @subscription AND partition = @partition AND claimed = 1";

    public const string Epoch = "SELECT epoch FROM carillon_parking WHERE subscription = @subscription AND partition = @partition";

    public const string OwnedPartitions = "SELECT partition FROM carillon_parking WHERE subscription = @subscription";

    /// <summary>Takes a partition from its owner. Whoever comes next may count fences anew.</summary>
    public const string Disown = "UPDATE carillon_parking SET epoch = epoch + 1, fence = NULL WHERE subscription = @subscription AND partition = @partition";

    public const string RemoveStarts = "DELETE FROM carillon_starts WHERE subscription = @subscription";

    public const string Place = "SELECT subscription, partition FROM carillon_parked WHERE parked = @parked";

    public const string Update =
        $"""
        UPDATE carillon_parked SET state = @state, due = @due, since = @since, blocks = @blocks, claimed = 0,
            head = CASE WHEN key IS NULL OR (@blocks = 0 AND @state = 0) THEN 1 WHEN @blocks = 1 AND blocks = 1 THEN head ELSE 0 END,
            code = @code, reason = @reason, attempts = @attempts, rounds = @rounds
        WHERE parked = @parked AND state <> 1 AND subscription = @subscription AND partition = @partition RETURNING {EnvelopeColumns.WholeKey}
        """;

    public const string NextReplay =
        """
        INSERT INTO carillon_replays AS replays (subscription, last) VALUES (@subscription, 1)
        ON CONFLICT (subscription) DO UPDATE SET last = replays.last + 1 RETURNING last
        """;

    public const string LastReplay = "SELECT last FROM carillon_replays WHERE subscription = @subscription";

    public const string Replay =
        $"""
        UPDATE carillon_parked SET state = 0, due = @now, since = @now, blocks = 1, head = CASE WHEN key IS NULL THEN 1 WHEN blocks = 1 THEN head ELSE 0 END, claimed = 0, code = NULL, reason = NULL,
            replayed = @number
        WHERE parked = @parked AND state <> 0 RETURNING {EnvelopeColumns.WholeKey}
        """;

    /// <summary>What waits for an instance that can handle it.</summary>
    public const string Unhandled =
        $"SELECT parked, {EnvelopeColumns.WholeKey}, type, version, kind, topic FROM carillon_parked WHERE subscription = @subscription AND partition = @partition AND state = 0 AND blocks = 0";

    public const string Discard = $"DELETE FROM carillon_parked WHERE parked = @parked AND state <> 0 RETURNING {EnvelopeColumns.WholeKey}";

    /// <summary>Notes that a message is about to be handled. What the same owner notes again counts once.</summary>
    public const string NoteStart =
        """
        INSERT INTO carillon_starts (subscription, partition, identity, epoch) VALUES (@subscription, @partition, @identity, @epoch)
        ON CONFLICT (subscription, partition, identity, epoch) DO NOTHING
        """;

    /// <summary>How many other owners have begun with a message and not ended.</summary>
    public const string Starts =
        """
        SELECT count(*) FROM carillon_starts WHERE subscription = @subscription AND partition = @partition AND identity = @identity AND epoch <> @epoch
        """;

    public const string RemoveStartsOf = "DELETE FROM carillon_starts WHERE subscription = @subscription AND partition = @partition AND identity = @identity";

    public const string WithdrawStart = $"{RemoveStartsOf} AND epoch = @epoch";

    private const string Parked = "carillon_parked";
    private const string OfKey = "subscription = @subscription AND partition = @partition AND key = @key";
    private const string Claimable = "head = 1 AND claimed = 0 AND state <> 1";
    private const string OfPartition = "subscription = @subscription AND partition = @partition";

    /// <summary>The keys that were held up by replays after a number.</summary>
    public const string Replays =
        $"""
        SELECT partition, {EnvelopeColumns.WholeKey}, replayed FROM {Parked} WHERE subscription = @subscription AND replayed > @after AND blocks = 1 AND key IS NOT NULL
        ORDER BY replayed LIMIT @limit
        """;

    /// <summary>The first message of a key that holds back what is behind it.</summary>
    public string First { get; } =
        $"SELECT parked FROM {Parked} {dialect.IndexedBy("carillon_parked_order")} WHERE {OfKey} AND blocks = 1 ORDER BY position, parked LIMIT 1";

    public string Unmark { get; } =
        $"UPDATE {Parked} {dialect.IndexedBy("carillon_parked_heads")} SET head = 0 WHERE {OfKey} AND head = 1 AND blocks = 1 AND parked <> @first";

    public const string Mark = $"UPDATE {Parked} SET head = 1 WHERE parked = @first AND head = 0";

    /// <summary>Of each of some keys, the first message that holds back what is behind it.</summary>
    public string FirstOfEach { get; } =
        $"""
        SELECT asked.value, (SELECT parked FROM {Parked} {dialect.IndexedBy("carillon_parked_order")}
            WHERE subscription = @subscription AND partition = @partition AND key = asked.value AND blocks = 1 ORDER BY position, parked LIMIT 1)
        FROM {dialect.EachText("keys", "asked")}
        """;

    public string UnmarkOthers { get; } =
        $"""
        UPDATE {Parked} {dialect.IndexedBy("carillon_parked_heads")} SET head = 0
        WHERE {OfPartition} AND {dialect.IsAmongTexts("key", "keys")} AND head = 1 AND blocks = 1 AND NOT ({dialect.IsAmongNumbers("parked", "heads")})
        """;

    public string MarkAll { get; } = $"UPDATE {Parked} SET head = 1 WHERE {dialect.IsAmongNumbers("parked", "heads")} AND head = 0";

    /// <summary>Removes what holds back and is held back, each key from its end: what is left of a key still has its head.</summary>
    public string RemoveLast { get; } =
        $"""
        DELETE FROM {Parked} WHERE {dialect.IsAmong("parked", $"SELECT parked FROM {Parked} {dialect.IndexedBy("carillon_parked_order")} WHERE {OfPartition} AND blocks = 1 ORDER BY key DESC, position DESC, parked DESC LIMIT @limit")}
        """;

    /// <summary>Removes the rest.</summary>
    public string RemoveSome { get; } =
        $"""
        DELETE FROM {Parked} WHERE {dialect.IsAmong("parked", $"SELECT parked FROM {Parked} WHERE subscription = @subscription ORDER BY identity LIMIT @limit")}
        """;

    /// <summary>The keys that are held up, from one on.</summary>
    public string HeldUp { get; } =
        $"SELECT {EnvelopeColumns.WholeKey} FROM {Parked} {dialect.IndexedBy("carillon_parked_heads")} WHERE {OfPartition} AND key >= @from AND head = 1 AND blocks = 1 ORDER BY key LIMIT @limit";

    /// <summary>Of each partition, when something is due next, and the latest time from which something waits.</summary>
    public string Outlook { get; } =
        $"""
        SELECT part.value,
            (SELECT min(due) FROM {Parked} WHERE subscription = @subscription AND partition = part.value AND {Claimable}),
            (SELECT max(since) FROM {Parked} WHERE subscription = @subscription AND partition = part.value AND {Claimable})
        FROM {dialect.EachPartition}
        """;

    public string Due { get; } =
        $"""
        SELECT {Columns} FROM {Parked} {dialect.IndexedBy("carillon_parked_due")} WHERE {OfPartition} AND {Claimable} AND due <= @now
        ORDER BY due, parked LIMIT @limit
        """;

    /// <summary>What waits from a time on that has not come yet: the clock went back.</summary>
    public string Ahead { get; } =
        $"""
        SELECT {Columns} FROM {Parked} {dialect.IndexedBy("carillon_parked_since")} WHERE {OfPartition} AND {Claimable} AND since > @ahead AND due > @now
        ORDER BY since LIMIT @limit
        """;

    /// <summary>What follows in a key, and of each whether it is not to be waited for.</summary>
    public string Behind { get; } =
        $"""
        SELECT {Columns}, CASE WHEN state = 0 AND (due <= @now OR since > @ahead) THEN 1 ELSE 0 END FROM {Parked} {dialect.IndexedBy("carillon_parked_order")}
        WHERE {OfKey} AND blocks = 1 AND (position, parked) > (@position, @parked) ORDER BY position, parked LIMIT @limit
        """;

    public string Claim { get; } = $"UPDATE {Parked} SET claimed = 1 WHERE {dialect.IsAmongNumbers("parked", "taken")}";

    public string Finish { get; } = $"DELETE FROM {Parked} WHERE {dialect.IsAmongNumbers("parked", "finished")} AND {OfPartition} RETURNING {EnvelopeColumns.WholeKey}";

    public string Revive { get; } =
        $"""
        UPDATE carillon_parked SET due = @now, since = @now, blocks = 1, head = CASE WHEN key IS NULL THEN 1 ELSE 0 END, claimed = 0, code = NULL, reason = NULL
        WHERE {dialect.IsAmongNumbers("parked", "revived")} AND state = 0 AND blocks = 0
        """;

    public static ParkingSql Of(Session session) => session.Dialect.Get(static dialect => new ParkingSql(dialect));
}
