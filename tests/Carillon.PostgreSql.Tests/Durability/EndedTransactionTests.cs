using System.Collections.Concurrent;
using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>A handler ends the transaction of its unit of work: its message is not taken for handled, and nothing is published without it.</summary>
public sealed class EndedTransactionTests : DatabaseTests
{
    [Theory]
    [Trait("Guarantee", "G1")]
    [Trait("Guarantee", "G2")]
    [InlineData("COMMIT", false)]
    [InlineData("COMMIT", true)]
    [InlineData("ROLLBACK", false)]
    [InlineData("ROLLBACK; BEGIN", false)]
    [InlineData("commit", true)]
    [InlineData("roll back", false)]
    public async Task Handling_ShouldMakeADeadLetter_WhenAHandlerEndsItsTransaction(string how, bool throws)
    {
        await Database.ExecuteAsync("CREATE TABLE effects (version bigint NOT NULL)");
        var handled = new ConcurrentQueue<long>();
        await using var host = await ServiceHost.StartAsync("ledger", Database.ConnectionString, carillon => carillon
            .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
            .On<Moved>(async (moved, context) =>
            {
                handled.Enqueue(moved.Version);
                if (moved.Version != 1)
                    return;
                await RunAsync(context.UnitOfWork, "INSERT INTO effects VALUES (1)");
                await context.Bus.PublishAsync(new Moved("b", 2), context.Cancellation);
                await EndAsync(context.UnitOfWork, how);
                if (throws)
                    throw new InvalidOperationException("It fails after that.");
            }));

        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);
        IReadOnlyList<DeadLetter> letters = [];
        await Eventually.IsTrueAsync(async () => (letters = await host.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count == 1, what: "it is a dead letter");

        Assert.Equal(ErrorCodes.TransactionEnded, letters[0].Code);
        Assert.Equal(1, await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
        Assert.Equal([1L], handled);
        Assert.Equal(how.Equals("commit", StringComparison.OrdinalIgnoreCase) ? 1 : 0, await Database.NumberAsync("SELECT count(*) FROM effects"));
    }

    private static async Task EndAsync(IUnitOfWork work, string how)
    {
        if (how == "commit")
            await work.Transaction.CommitAsync(Cancellation);
        else if (how == "roll back")
            await work.Transaction.RollbackAsync(Cancellation);
        else
            await RunAsync(work, how);
    }

    private static async Task RunAsync(IUnitOfWork work, string sql)
    {
        await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)work.Connection, (NpgsqlTransaction)work.Transaction);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
