using Carillon.Tests;
using Npgsql;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A real server beside the one that has the databases of the tests.</summary>
public sealed class SecondServer : IAsyncLifetime
{
    private PostgreSqlServer? _server;

    /// <summary>Creates a database on it that has the name of another one, and tells how to connect.</summary>
    internal async Task<string> CreateAsync(TestDatabase first)
    {
        await using var administrator = new NpgsqlConnection($"{_server!.ConnectionString};Pooling=false");
        await administrator.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {first.Name}", administrator);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(first.ConnectionString) { Host = "127.0.0.1", Port = _server.Port, Username = "postgres", Pooling = false }.ConnectionString;
    }

    public async ValueTask InitializeAsync() => _server = await PostgreSqlAddress.CreateServerAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
