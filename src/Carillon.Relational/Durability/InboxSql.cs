namespace Carillon.Relational;

/// <summary>The statements about handled messages.</summary>
internal static class InboxSql
{
    public const string Claim =
        """
        INSERT INTO carillon_inbox (subscription, source, id, body_hash, handled) VALUES (@subscription, @source, @id, @hash, @now)
        ON CONFLICT (subscription, source, id) DO NOTHING
        """;

    public const string IsSame =
        "SELECT body_hash = @hash FROM carillon_inbox WHERE subscription = @subscription AND source = @source AND id = @id";
}
