using Npgsql;

namespace Carillon.Benchmarks;

/// <summary>The tables of the shop, anew for each run, in a schema of their own.</summary>
public static class ShopTables
{
    public const string Schema = "carillon_benchmark";

    private const string Create = $"""
        DROP SCHEMA IF EXISTS {Schema} CASCADE; DROP SCHEMA IF EXISTS wolverine CASCADE; CREATE SCHEMA {Schema};
        CREATE TABLE {Schema}.orders (id uuid PRIMARY KEY, number text NOT NULL, total numeric NOT NULL);
        CREATE TABLE {Schema}.reservations (id uuid PRIMARY KEY, number text NOT NULL, total numeric NOT NULL);
        CREATE TABLE {Schema}.events (id uuid PRIMARY KEY, body bytea NOT NULL);
        CREATE TABLE {Schema}.handled (id uuid PRIMARY KEY);
        """;

    public static async Task CreateAsync(string server)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand(Create);
        await command.ExecuteNonQueryAsync();
    }
}
