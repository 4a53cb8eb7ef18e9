using System.Globalization;
using Npgsql;

namespace Carillon.Tests;

/// <summary>A database of its own for a test or a class of tests, dropped at the end whoever is still connected.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _administrator;

    private TestDatabase(string administrator, string name, string connectionString)
    {
        _administrator = administrator;
        Name = name;
        ConnectionString = connectionString;
    }

    /// <summary>The name of the database.</summary>
    public string Name { get; }

    /// <summary>The connection string of somebody who may do everything in it.</summary>
    public string ConnectionString { get; }

    /// <summary>Creates a database, or skips the test where there can be no server.</summary>
    public static async Task<TestDatabase> CreateAsync() => await CreateAsync((await PostgreSqlAddress.GetAsync()).ConnectionString);

    /// <summary>Creates a database on a server.</summary>
    public static Task<TestDatabase> CreateAsync(string administrator) => CreateAsync("", administrator);

    /// <summary>The same with more behind CREATE DATABASE.</summary>
    public static async Task<TestDatabase> CreateAsync(string settings, string administrator)
    {
        var name = $"carillon_{Guid.NewGuid():N}";
        var single = new NpgsqlConnectionStringBuilder(administrator) { Pooling = false }.ConnectionString;
        await RunAsync(single, $"CREATE DATABASE {name}{settings}");
        return new TestDatabase(single, name, new NpgsqlConnectionStringBuilder(administrator) { Database = name }.ConnectionString);
    }

    /// <summary>Executes statements, as a stranger would.</summary>
    public Task ExecuteAsync(string sql) => RunAsync(Single, sql);

    /// <summary>The first value of the first row as text; null when there is none.</summary>
    public Task<string?> TextAsync(string sql) => RunAsync(Single, sql);

    /// <summary>The first value of the first row as a number.</summary>
    public async Task<long> NumberAsync(string sql) => long.Parse((await TextAsync(sql))!, CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(ConnectionString));
        await RunAsync(_administrator, $"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    private string Single => new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString;

    private static async Task<string?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        // Making millions of rows takes a while.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;
    }
}
