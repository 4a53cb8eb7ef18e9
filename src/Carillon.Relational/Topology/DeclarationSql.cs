namespace Carillon.Relational;

/// <summary>The statements about what belongs to a subscription.</summary>
internal static class DeclarationSql
{
    public const string Renew =
        "UPDATE carillon_declarations SET declared = @now WHERE subscription = @subscription AND kind = @kind AND name = @name";

    public const string Add =
        "INSERT INTO carillon_declarations (subscription, kind, name, declared) VALUES (@subscription, @kind, @name, @now)";

    /// <summary>While nobody runs, nothing grows old.</summary>
    public const string KeepYoung =
        """
        UPDATE carillon_declarations SET declared = @now WHERE subscription = @subscription AND kind < 2
            AND NOT EXISTS (SELECT 1 FROM carillon_instances i WHERE i.subscription = @subscription AND i.gone IS NULL AND i.expires > @now)
        """;

    public const string Old = "SELECT kind, name FROM carillon_declarations WHERE subscription = @subscription AND declared < @before ORDER BY kind, name";
    public const string RemoveOld = "DELETE FROM carillon_declarations WHERE subscription = @subscription AND declared < @before";
    public const string Remove = "DELETE FROM carillon_declarations WHERE subscription = @subscription AND kind = @kind AND name = @name";

    public const string ReleaseCommands =
        """
        DELETE FROM carillon_commands WHERE subscription = @subscription
            AND topic NOT IN (SELECT name FROM carillon_declarations WHERE subscription = @subscription AND kind = 1)
        """;

    public const string NextTopology = "UPDATE carillon_subscriptions SET topology = topology + 1 WHERE subscription = @subscription";
    public const string Topics = "SELECT kind, name FROM carillon_declarations WHERE subscription = @subscription AND kind < 2 ORDER BY kind, name";
    public const string MetMessages = "SELECT name FROM carillon_declarations WHERE subscription = @subscription AND kind = 2";

    /// <summary>Which version of its topics a subscription has, and which generation of instances; two expressions that take <c>@subscription</c>.</summary>
    public const string Versions =
        "(SELECT topology FROM carillon_subscriptions WHERE subscription = @subscription), (SELECT generation FROM carillon_subscriptions WHERE subscription = @subscription)";
}
