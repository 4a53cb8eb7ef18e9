using Carillon.Tests;
using Carillon.Tests.Deploying;
using Npgsql;

namespace Carillon.PostgreSql.Tests.Durability;

public sealed class PostgreSqlHandoverTests : HandoverScenarios, IAsyncLifetime
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(4);
    private TestDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_database is { } database)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task Handling_ShouldBeCancelledBeforeAnotherInstanceBegins_WhenTheServerCannotBeReachedForTheLease()
    {
        var server = new NpgsqlConnectionStringBuilder(_database!.ConnectionString);
        var proxy = CuttingProxy.Start(server.Host!, server.Port);
        var behind = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString;
        await using var shop = Open();
        await using var cutOff = new Versions(carillon => carillon.UsePostgreSql(behind, options => options.LeaseTime = LeaseTime));
        var (running, overlaps, handled) = (0, 0, 0);
        await cutOff.StartAsync("shop", carillon => carillon.On<OldFact>(async (_, context) =>
        {
            Interlocked.Increment(ref running);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.Cancellation);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }));
        await shop.PublishOldAsync(4, 0);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref running) == 4);

        await proxy.DisposeAsync();
        await shop.StartAsync("shop", carillon => carillon.On<OldFact>(_ =>
        {
            if (Volatile.Read(ref running) > 0)
                Interlocked.Increment(ref overlaps);
            Interlocked.Increment(ref handled);
        }));
        await Eventually.IsTrueAsync(() => Volatile.Read(ref handled) == 4);

        Assert.Equal(0, overlaps);
    }

    private protected override Versions Open() => new(carillon => carillon.UsePostgreSql(_database!.ConnectionString, options => options.LeaseTime = LeaseTime));
}
