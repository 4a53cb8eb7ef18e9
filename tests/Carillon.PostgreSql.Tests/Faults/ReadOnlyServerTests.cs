using System.Collections.Concurrent;
using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>The server becomes read-only while hosts run, as after a failover to a standby, and then takes writes again.</summary>
public sealed class ReadOnlyServerTests : DatabaseTests
{
    [Fact]
    public async Task Host_ShouldSayItAndGoOn_WhenTheServerOnlyLetsReadForAWhile()
    {
        var handled = new ConcurrentQueue<long>();
        await using var host = await ServiceHost.StartAsync("ledger", Database.ConnectionString, carillon => carillon.On<Moved>(moved => handled.Enqueue(moved.Version)));
        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);

        await SetReadOnlyAsync("on");
        await Eventually.IsTrueAsync(async () => await PublishAsync(host, 2) == ErrorCodes.NotPrimary, what: "a publisher is told that the server only lets read");
        await Eventually.IsTrueAsync(() => host.Log.Contain(ErrorCodes.NotPrimary), what: "the host says it too");
        await SetReadOnlyAsync("off");

        await Eventually.IsTrueAsync(async () => await PublishAsync(host, 3) is null, TimeSpan.FromSeconds(40), "publishing works again");
        await Eventually.IsTrueAsync(() => handled.Contains(3), TimeSpan.FromSeconds(40), "and so does handling");
        Assert.Equal([1, 3], handled.Distinct().Where(version => version != 2));
    }

    private async Task SetReadOnlyAsync(string value)
    {
        await using var elsewhere = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await elsewhere.OpenAsync(Cancellation);
        await using (var change = new NpgsqlCommand($"ALTER DATABASE {Database.Name} SET default_transaction_read_only = {value}", elsewhere))
            await change.ExecuteNonQueryAsync(Cancellation);
        await Database.TextAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

    /// <returns>The code of the failure, or null.</returns>
    private static async ValueTask<string?> PublishAsync(ServiceHost host, long version)
    {
        try
        {
            await host.Bus.PublishAsync(new Moved("a", version), Cancellation);
            return null;
        }
        catch (PublishFailedException failure)
        {
            return failure.Code;
        }
    }
}
