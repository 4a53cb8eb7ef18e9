using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>A PgBouncer in transaction mode for the tests of a class. It has few sessions and takes them in turn, so that clients seldom get the same one twice.</summary>
public sealed class TransactionPooler : IAsyncLifetime
{
    private PgBouncer _pooler = null!;

    /// <summary>The same database by way of the pooler.</summary>
    public string Through(string connectionString) => _pooler.Through(connectionString);

    public async ValueTask InitializeAsync() => _pooler = await PgBouncer.StartAsync("transaction", "server_round_robin=1", "default_pool_size=12");

    public ValueTask DisposeAsync() => _pooler is null ? ValueTask.CompletedTask : _pooler.DisposeAsync();
}
