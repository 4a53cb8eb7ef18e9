namespace Carillon.Sqlite;

/// <summary>The statements about leases. Each change of a lease has its from-state in the condition.</summary>
internal static class LeasingSql
{
    public const string NewName = "SELECT lower(hex(randomblob(16)))";
    public const string Generation = "SELECT generation FROM carillon_subscriptions WHERE subscription = @subscription";
    public const string NextGeneration = "UPDATE carillon_subscriptions SET generation = generation + 1 WHERE subscription = @subscription";

    public const string Renew = "UPDATE carillon_instances SET expires = @expires WHERE instance = @instance";
    public const string Join = "INSERT INTO carillon_instances (instance, subscription, process, expires) VALUES (@instance, @subscription, @process, @expires)";
    public const string Leave = "DELETE FROM carillon_instances WHERE instance = @instance";
    public const string RemoveExpired = "DELETE FROM carillon_instances WHERE subscription = @subscription AND expires <= @now AND instance <> @instance";

    public const string FreeOrphans =
        """
        UPDATE carillon_leases SET owner = NULL WHERE subscription = @subscription AND owner IS NOT NULL
            AND owner NOT IN (SELECT instance FROM carillon_instances WHERE subscription = @subscription)
        """;

    public const string Instances = "SELECT instance FROM carillon_instances WHERE subscription = @subscription ORDER BY instance";
    public const string Leases = "SELECT partition, owner, fence FROM carillon_leases WHERE subscription = @subscription ORDER BY partition";

    public const string Take =
        """
        UPDATE carillon_leases SET owner = @instance, fence = fence + 1 WHERE subscription = @subscription AND partition = @partition AND owner IS NULL
        RETURNING fence, cursor
        """;

    public const string Release =
        """
        UPDATE carillon_leases SET owner = NULL, cursor = max(cursor, @cursor)
        WHERE subscription = @subscription AND partition = @partition AND owner = @instance AND fence = @fence
        """;

    public const string Move =
        """
        UPDATE carillon_leases SET cursor = max(cursor, @cursor)
        WHERE subscription = @subscription AND partition = @partition AND owner = @instance AND fence = @fence
        """;
}
