using Npgsql;

namespace Carillon.Tests;

/// <summary>
/// The server on which tests create their databases: the one that <c>CARILLON_TEST_POSTGRESQL</c> names, or else one of this process that ends
/// with it. Where neither can be had, tests are skipped and say why; where <c>CI</c> is set, they fail.
/// </summary>
internal sealed class PostgreSqlAddress : IAsyncLifetime
{
    private const string Variable = "CARILLON_TEST_POSTGRESQL";
    private static readonly SemaphoreSlim Starting = new(1, 1);
    private static PostgreSqlServer? _own;

    /// <summary>The administrator's connection string.</summary>
    public static async Task<NpgsqlConnectionStringBuilder> GetAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return new NpgsqlConnectionStringBuilder(given);
        await Starting.WaitAsync();
        try
        {
            _own ??= await CreateServerAsync("max_connections=200");
            return new NpgsqlConnectionStringBuilder(_own.ConnectionString);
        }
        finally
        {
            Starting.Release();
        }
    }

    /// <summary>Creates and starts a server for one test, or skips the test where that is not possible.</summary>
    /// <param name="settings">Settings of the server, such as <c>max_connections=20</c>.</param>
    public static Task<PostgreSqlServer> CreateServerAsync(params string[] settings)
    {
        DemandPrograms();
        return PostgreSqlServer.CreateAsync(settings);
    }

    /// <summary>Skips the test, or fails it where <c>CI</c> is set, when this machine cannot start a server.</summary>
    public static void DemandPrograms()
    {
        if (PostgreSqlPrograms.Folder is not null)
            return;
        const string Reason = $"No PostgreSQL server: {Variable} is not set, and its programs are not installed here (Debian package postgresql).";
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.Fail(Reason);
        Assert.Skip(Reason);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_own is { } server)
            await server.DisposeAsync();
    }
}
