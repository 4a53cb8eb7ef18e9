using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Renews instances by a statement of its own.</summary>
internal static class LeaseRenewal
{
    // One that is locked is being renewed, or taken for dead, in this moment; waiting for it would hold up the others.
    private const string Sql =
        $"""
        UPDATE carillon_instances SET expires = {DatabaseTime.Now} + lease
        WHERE instance IN (
            SELECT instance FROM carillon_instances WHERE instance = ANY(@instances) AND gone IS NULL AND departing = 0 FOR UPDATE SKIP LOCKED)
        RETURNING instance
        """;

    /// <summary>Renews those that are alive and take part. The calling thread waits.</summary>
    /// <returns>Those that were renewed.</returns>
    public static IReadOnlyCollection<string> Run(NpgsqlConnection connection, SqlTexts texts, IReadOnlyCollection<string> instances)
    {
        using var command = new NpgsqlCommand(texts.Get(Sql).Text, connection) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. instances] } } };
        using var reader = command.ExecuteReader();
        var renewed = new List<string>();
        while (reader.Read())
            renewed.Add(reader.GetString(0));
        return renewed;
    }
}
