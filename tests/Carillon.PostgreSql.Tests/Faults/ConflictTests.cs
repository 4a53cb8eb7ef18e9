using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>Handlers that get into each other's way: the server ends one of them, and it is tried again.</summary>
public sealed class ConflictTests : DatabaseTests
{
    private const int Transfers = 30;

    [Theory]
    [InlineData("")]
    [InlineData("Options=-c default_transaction_isolation=serializable")]
    [Trait("Guarantee", "G2")]
    public async Task Handling_ShouldBeTriedAgain_WhenTransactionsDeadlockOrCannotBeSerialized(string more)
    {
        await Database.ExecuteAsync("CREATE TABLE balances (account text PRIMARY KEY, amount bigint NOT NULL); INSERT INTO balances VALUES ('a', 0), ('b', 0)");
        await using var host = await ServiceHost.StartAsync("ledger", $"{Database.ConnectionString};{more}", carillon => carillon
            .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
            .On<Moved>(TransferAsync));

        for (var transfer = 0; transfer < Transfers; transfer++)
            await host.Bus.PublishAsync(new Moved(transfer % 2 == 0 ? "a" : "b", transfer), Cancellation);

        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT amount FROM balances WHERE account = 'a'") == Transfers, TimeSpan.FromSeconds(60), "every transfer is made");
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM carillon_parked") == 0, TimeSpan.FromSeconds(60), "nothing is left over");
        Assert.Equal(Transfers, await Database.NumberAsync("SELECT amount FROM balances WHERE account = 'b'"));
        Assert.InRange(await Database.NumberAsync("SELECT deadlocks + xact_rollback FROM pg_stat_database WHERE datname = current_database()"), 1, long.MaxValue);
    }

    // Each key takes the two rows in another order than the other key.
    private static async Task TransferAsync(Moved moved, EventContext context)
    {
        foreach (var account in (string[])[moved.Account, moved.Account == "a" ? "b" : "a"])
        {
            await using var add = new NpgsqlCommand("UPDATE balances SET amount = amount + 1 WHERE account = @account; SELECT pg_sleep(0.02)",
                (NpgsqlConnection)context.UnitOfWork.Connection, (NpgsqlTransaction)context.UnitOfWork.Transaction)
            {
                Parameters = { new("account", account) },
            };
            await add.ExecuteNonQueryAsync(context.Cancellation);
        }
    }
}
