namespace Carillon.Relational;

/// <summary>The statements about subscriptions.</summary>
internal static class TopologySql
{
    public const string Upsert =
        """
        INSERT INTO carillon_subscriptions (name, service, source, created, log) VALUES (@name, @service, @source, @now, @log)
        ON CONFLICT (name) DO UPDATE SET service = excluded.service, source = excluded.source, log = excluded.log
        RETURNING subscription
        """;

    /// <summary>What a deleted subscription left behind, where foreign keys were not on when it was deleted.</summary>
    public static readonly string[] RemoveOrphans =
    [
        "DELETE FROM carillon_commands WHERE subscription NOT IN (SELECT subscription FROM carillon_subscriptions)",
        "DELETE FROM carillon_declarations WHERE subscription NOT IN (SELECT subscription FROM carillon_subscriptions)",
        "DELETE FROM carillon_leases WHERE subscription NOT IN (SELECT subscription FROM carillon_subscriptions)",
        "DELETE FROM carillon_instances WHERE subscription NOT IN (SELECT subscription FROM carillon_subscriptions)",
    ];

    public const string Find = "SELECT subscription FROM carillon_subscriptions WHERE name = @name AND service = @service";

    public const string Living = "SELECT 1 FROM carillon_instances WHERE subscription = @subscription AND gone IS NULL AND expires > @now LIMIT 1";

    /// <summary>What belongs to a subscription, and then itself.</summary>
    public static readonly string[] Remove =
    [
        "DELETE FROM carillon_commands WHERE subscription = @subscription",
        "DELETE FROM carillon_declarations WHERE subscription = @subscription",
        "DELETE FROM carillon_leases WHERE subscription = @subscription",
        "DELETE FROM carillon_instances WHERE subscription = @subscription",
        "DELETE FROM carillon_subscriptions WHERE subscription = @subscription",
    ];

    public const string AddLease =
        "INSERT INTO carillon_leases (subscription, partition, cursor) VALUES (@subscription, @partition, @cursor) ON CONFLICT DO NOTHING";

    public const string TakeCommand = "INSERT INTO carillon_commands (topic, subscription) VALUES (@topic, @subscription) ON CONFLICT DO NOTHING";

    public const string CommandOwner =
        "SELECT s.subscription, s.name FROM carillon_commands c JOIN carillon_subscriptions s ON s.subscription = c.subscription WHERE c.topic = @topic";

    public const string MoveCommand = "UPDATE carillon_commands SET subscription = @subscription WHERE topic = @topic";

    public const string CommandService =
        "SELECT s.service FROM carillon_commands c JOIN carillon_subscriptions s ON s.subscription = c.subscription WHERE c.topic = @topic";
}
