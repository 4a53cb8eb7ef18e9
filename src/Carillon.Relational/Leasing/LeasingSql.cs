namespace Carillon.Relational;

/// <summary>The statements about leases. Each change of a lease has its from-state in the condition.</summary>
internal sealed class LeasingSql(Dialect dialect)
{
    public const string Generation = "SELECT generation FROM carillon_subscriptions WHERE subscription = @subscription";
    public const string NextGeneration = "UPDATE carillon_subscriptions SET generation = generation + 1 WHERE subscription = @subscription";

    public const string Renew = "UPDATE carillon_instances SET expires = @expires WHERE instance = @instance AND gone IS NULL";

    /// <summary>The same for one that takes part and does not come to its rounds.</summary>
    public const string KeepAlive = "UPDATE carillon_instances SET expires = @expires WHERE instance = @instance AND gone IS NULL AND departing = 0";

    /// <summary>Before an instance joins again that others have taken for dead, and when nobody needs to know any more that one is gone.</summary>
    public const string Forget = "DELETE FROM carillon_instances WHERE instance = @instance";

    public const string Join =
        """
        INSERT INTO carillon_instances (instance, subscription, process, expires, lease, handles, application, version)
        VALUES (@instance, @subscription, @process, @expires, @lease, @handles, @application, @version)
        """;

    /// <summary>Lets an instance take no more part, and keep its leases until their time is over.</summary>
    public const string Depart = "UPDATE carillon_instances SET departing = 1, expires = @expires WHERE instance = @instance";

    public const string Leave = "UPDATE carillon_instances SET gone = 0 WHERE instance = @instance";

    /// <summary>Takes note of an instance that is gone, unless it has been heard of meanwhile. What it could handle waits from then on for a while.</summary>
    public const string NoteGone = "UPDATE carillon_instances SET gone = @now WHERE instance = @instance AND expires = @expires AND (gone IS NULL OR gone = 0)";

    public const string FreeOrphans =
        """
        UPDATE carillon_leases SET owner = NULL, unclean = -1 WHERE subscription = @subscription AND owner IS NOT NULL
            AND owner NOT IN (SELECT instance FROM carillon_instances WHERE subscription = @subscription AND gone IS NULL)
        """;

    /// <summary>All instances, also those that are gone since a while ago.</summary>
    public const string Instances =
        """
        SELECT instance, handles, application, version, expires, lease, departing, gone FROM carillon_instances WHERE subscription = @subscription ORDER BY instance
        """;

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
    /// Gives a lease back with its last cursor and what is finished beyond it. Messages that were in hand when an owner died stay suspects until they are
    /// finished. They all stay suspects when the next message is for another instance: this one did not run it, so it proves nothing.
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
