using Carillon.Sqlite.Tests.Durability;
using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

/// <summary>Somebody takes away what a running host needs: what cannot be stored is refused, and the host goes on by itself when it is back.</summary>
public sealed class MissingTableTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("carillon_messages")]
    [InlineData("carillon_leases")]
    [InlineData("carillon_parked")]
    [InlineData("carillon_inbox")]
    public async Task Host_ShouldGoOn_WhenATableIsGoneForAWhile(string table)
    {
        await using var ledger = await Ledger.OpenAsync(carillon => carillon
            .Subscription(subscription =>
            {
                subscription.Delivery = DeliveryGuarantee.ExactlyOnce;
                subscription.Retry(retry => retry.FirstDelay = TimeSpan.FromMilliseconds(50));
            })
            .On<MoneyReceived>((money, context) => Ledger.Write(context.UnitOfWork, $"{money.Account}+{money.Amount}")));
        await ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation);
        await ledger.HasEffectsAsync(1);

        ledger.Execute($"ALTER TABLE {table} RENAME TO elsewhere");
        var failure = await Record.ExceptionAsync(() => ledger.Bus.PublishAsync(new MoneyReceived("a", 2), Cancellation).AsTask());
        ledger.Execute($"ALTER TABLE elsewhere RENAME TO {table}");
        if (table == "carillon_messages")
            Assert.Contains(table, Assert.IsType<PublishFailedException>(failure).Message, StringComparison.Ordinal);
        else
            Assert.Null(failure);

        await ledger.Bus.PublishAsync(new MoneyReceived("a", 3), Cancellation);
        await ledger.HasEffectsAsync(failure is null ? 3 : 2);
        Assert.Equal(failure is null ? ["a+1", "a+2", "a+3"] : ["a+1", "a+3"], ledger.Effects());
    }

    [Fact]
    public async Task Key_ShouldWaitAndGoOn_WhenAnIndexOfParkedMessagesIsGoneForAWhile()
    {
        var attempts = 0;
        await using var ledger = await Ledger.OpenAsync(carillon => carillon
            .Subscription(subscription =>
            {
                subscription.Delivery = DeliveryGuarantee.ExactlyOnce;
                subscription.Retry(retry =>
                {
                    retry.ImmediateAttempts = 1;
                    retry.FirstDelay = TimeSpan.FromMilliseconds(50);
                });
            })
            .On<MoneyReceived>((money, context) =>
            {
                if (money.Account == "a" && Interlocked.Increment(ref attempts) == 1)
                    throw new InvalidOperationException("The first attempt fails.");
                Ledger.Write(context.UnitOfWork, $"{money.Account}+{money.Amount}");
            }));
        ledger.Execute("DROP INDEX carillon_parked_order");

        await ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation);
        await ledger.Bus.PublishAsync(new MoneyReceived("a", 2), Cancellation);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref attempts) == 1, what: "the message has failed and cannot be parked");
        await ledger.Bus.PublishAsync(new MoneyReceived("b", 3), Cancellation);
        await ledger.HasEffectsAsync(1);
        Assert.Equal(["b+3"], ledger.Effects());
        ledger.Execute("CREATE INDEX carillon_parked_order ON carillon_parked (subscription, partition, key, position, parked) WHERE blocks = 1");

        await ledger.HasEffectsAsync(3);
        Assert.Equal(["b+3", "a+1", "a+2"], ledger.Effects());
    }
}
