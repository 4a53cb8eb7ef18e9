using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

public sealed class PoolerProbeTests : DatabaseTests
{
    [Fact]
    public async Task FindAsync_ShouldFindNone_WhenTheServerAnswersItself() => Assert.Equal(PoolerMode.None, await FindAsync(Database.ConnectionString));

    [Theory]
    [InlineData("default_pool_size=1")]
    [InlineData("default_pool_size=2")]
    [InlineData("default_pool_size=20")]
    [InlineData("default_pool_size=2", "server_round_robin=1")]
    [InlineData("default_pool_size=3", "server_round_robin=1")]
    [InlineData("default_pool_size=20", "server_round_robin=1")]
    public async Task FindAsync_ShouldFindThatSessionsChange_WhenThePoolerGoesByTransactions(params string[] settings)
    {
        await using var pooler = await PgBouncer.StartAsync("transaction", settings);

        Assert.Equal(PoolerMode.Transaction, await FindAsync(pooler.Through(Database.ConnectionString)));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    public async Task FindAsync_ShouldFindThatSessionsChange_WhenOthersHaveLeftSomeSessionsThere(int sessions, int inTurns)
    {
        await using var pooler = await PgBouncer.StartAsync("transaction", "default_pool_size=12", $"server_round_robin={inTurns}");
        var connectionString = pooler.Through(Database.ConnectionString);
        await using (var source = Npgsql.NpgsqlDataSource.Create($"{connectionString};No Reset On Close=true"))
        {
            var open = new List<Npgsql.NpgsqlTransaction>();
            for (var session = 0; session < sessions; session++)
            {
                open.Add(await (await source.OpenConnectionAsync(Cancellation)).BeginTransactionAsync(Cancellation));
                await using var command = new Npgsql.NpgsqlCommand("SELECT 1", open[^1].Connection, open[^1]);
                await command.ExecuteNonQueryAsync(Cancellation);
            }

            foreach (var transaction in open)
                await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(PoolerMode.Transaction, await FindAsync(connectionString));
    }

    [Fact]
    public async Task FindAsync_ShouldFindThatSessionsChange_WhenOthersUseThePoolerToo()
    {
        await using var pooler = await PgBouncer.StartAsync("transaction", "default_pool_size=3");
        var connectionString = pooler.Through(Database.ConnectionString);
        using var stopping = new CancellationTokenSource();
        Task[] others = [.. Enumerable.Range(0, 5).Select(_ => UseAsync(connectionString, stopping.Token))];

        for (var time = 0; time < 20; time++)
            Assert.Equal(PoolerMode.Transaction, await FindAsync(connectionString));

        await stopping.CancelAsync();
        await Task.WhenAll(others);
    }

    [Fact]
    public async Task FindAsync_ShouldFindThatSessionsStay_WhenThePoolerGoesByClients()
    {
        await using var pooler = await PgBouncer.StartAsync("session");

        Assert.Equal(PoolerMode.Session, await FindAsync(pooler.Through(Database.ConnectionString)));
    }

    [Fact]
    public async Task FindAsync_ShouldRefuse_WhenThePoolerSplitsTransactions()
    {
        await using var pooler = await PgBouncer.StartAsync("statement");

        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => FindAsync(pooler.Through(Database.ConnectionString)));

        Assert.Contains("pool_mode", failure.Message, StringComparison.Ordinal);
    }

    private static Task<PoolerMode> FindAsync(string connectionString) =>
        PoolerProbe.FindAsync(DatabaseLocation.Parse(connectionString, new PostgreSqlOptions()), Cancellation);

    private static async Task UseAsync(string connectionString, CancellationToken stopping)
    {
        await using var connection = new Npgsql.NpgsqlConnection($"{connectionString};Pooling=false;No Reset On Close=true");
        await connection.OpenAsync(CancellationToken.None);
        while (!stopping.IsCancellationRequested)
        {
            await using var command = new Npgsql.NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
