using Npgsql;

namespace Carillon.KillTests;

/// <summary>A database of the run's own on a PostgreSQL server that the environment names, dropped at the end.</summary>
internal sealed class GivenServerPlace : ITransportPlace
{
    /// <summary>The variable that names the server.</summary>
    public const string Variable = "CARILLON_TEST_POSTGRESQL";

    private readonly string _administrator;
    private readonly string _database = $"carillon_kill_{Guid.NewGuid():N}";

    private GivenServerPlace(string administrator)
    {
        _administrator = new NpgsqlConnectionStringBuilder(administrator) { Pooling = false }.ConnectionString;
        Address = new NpgsqlConnectionStringBuilder(administrator) { Database = _database }.ConnectionString;
    }

    public string Address { get; }

    public static async Task<GivenServerPlace> CreateAsync(string administrator)
    {
        var place = new GivenServerPlace(administrator);
        await place.RunAsync($"CREATE DATABASE {place._database}");
        return place;
    }

    public async ValueTask DisposeAsync() => await RunAsync($"DROP DATABASE IF EXISTS {_database} WITH (FORCE)");

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_administrator);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
