namespace Carillon.Relational;

/// <summary>The statements about leases. Each change of a lease has its from-state in the condition.</summary>
internal sealed class LeasingSql(Dialect dialect)
{
    public const string Generation = "SELECT generation FROM carillon_subscriptions WHERE subscription = @subscription";
    public const string NextGeneration = "UPDATE carillon_subscriptions SET generation = generation + 1 WHERE subscription = @subscription";

    public const string Renew = "UPDATE carillon_instances SET expires = @expires WHERE instance = @instance AND gone IS NULL";

    /// <summary>Before an instance joins again that others have taken for dead.</summary>
    public const string Forget = "DELETE FROM carillon_instances WHERE instance = @instance";

    public const string Join =
        """
        INSERT INTO carillon_instances (instance, subscription, process, expires, handles, application, version)
        VALUES (@instance, @subscription, @process, @expires, @handles, @application, @version)
        """;

    /// <summary>Lets an instance take no more part, and keep its leases until their time is over.</summary>
    public const string Depart = "UPDATE carillon_instances SET departing = 1, expires = @expires WHERE instance = @instance";

    public const string Leave = "UPDATE carillon_instances SET gone = 0 WHERE instance = @instance";

    /// <summary>Takes note, for others than the instance itself, of who is gone. What it could handle waits from then on for a while.</summary>
    public const string NoteGone =
        """
        UPDATE carillon_instances SET gone = @now
        WHERE subscription = @subscription AND instance <> @instance AND (gone = 0 OR (gone IS NULL AND expires <= @judged))
        """;

    public const string ForgetGone = "DELETE FROM carillon_instances WHERE subscription = @subscription AND gone > 0 AND gone <= @before";

    public const string FreeOrphans =
        """
        UPDATE carillon_leases SET owner = NULL, unclean = -1 WHERE subscription = @subscription AND owner IS NOT NULL
            AND owner NOT IN (SELECT instance FROM carillon_instances WHERE subscription = @subscription AND gone IS NULL)
        """;

    public const string Instances =
        """
        SELECT instance, handles, application, version FROM carillon_instances
        WHERE subscription = @subscription AND departing = 0 AND gone IS NULL ORDER BY instance
        """;

    public const string Gone = "SELECT handles FROM carillon_instances WHERE subscription = @subscription AND (departing <> 0 OR gone IS NOT NULL)";

    public const string Leases = "SELECT partition, owner, fence, wanted FROM carillon_leases WHERE subscription = @subscription ORDER BY partition";

    private const string Held = "WHERE subscription = @subscription AND partition = @partition AND owner = @instance AND fence = @fence";

    public const string Take =
        """
        UPDATE carillon_leases SET owner = @instance, fence = fence + 1 WHERE subscription = @subscription AND partition = @partition AND owner IS NULL
        RETURNING fence, cursor, unclean, finished
        """;

    /// <summary>Takes note, where the owner before may have died, of how far messages may have been in its hands.</summary>
    public const string NoteUnclean = $"UPDATE carillon_leases SET unclean = @unclean {Held}";

    /// <summary>Frees a lease that was taken in an answer that never arrived.</summary>
    public const string Free = $"UPDATE carillon_leases SET owner = NULL {Held}";

    /// <summary>
    /// Gives a lease back, with its last cursor and what is finished beyond it. What was in the hands of one that died, and is not finished, stays suspect; so does all, when the next message
    /// is for another instance: who cannot handle it has not survived it.
    /// </summary>
    public string Release { get; } =
        $"""
        UPDATE carillon_leases SET owner = NULL, unclean = CASE WHEN @wanted IS NULL AND unclean BETWEEN 0 AND @cursor + 1 THEN 0 ELSE unclean END,
            {End(dialect)} {Held}
        """;

    /// <summary>Writes the same down, and keeps the lease.</summary>
    public string Abandon { get; } = $"UPDATE carillon_leases SET {End(dialect)} {Held}";

    /// <summary>Writes a cursor down. It never goes back, and past a wanted message the partition is like any other.</summary>
    public string Move { get; } =
        $"UPDATE carillon_leases SET cursor = {dialect.Larger("cursor", "@cursor")}, wanted = CASE WHEN @cursor > cursor THEN NULL ELSE wanted END {Held}";

    private static string End(Dialect dialect) =>
        $"""
        finished = @finished, cursor = {dialect.Larger("cursor", "@cursor")},
            wanted = CASE WHEN @wanted IS NOT NULL THEN @wanted WHEN @cursor > cursor THEN NULL ELSE wanted END
        """;

    public static LeasingSql Of(Session session) => session.Dialect.Get(static dialect => new LeasingSql(dialect));
}
