using System.Collections.Concurrent;
using Carillon.Tests;

namespace Carillon.Sqlite.Tests.Durability;

/// <summary>A handler ends the transaction of its unit of work: its message is not taken for handled, and nothing is published without it.</summary>
public sealed class EndedTransactionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Guarantee", "G1")]
    [Trait("Guarantee", "G2")]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Handling_ShouldMakeADeadLetter_WhenAHandlerEndsItsTransaction(bool commits, bool throws)
    {
        var (attempts, published) = (0, new ConcurrentQueue<int>());
        await using var ledger = await Ledger.OpenAsync(carillon => carillon
            .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
            .On<MoneyReceived>(async (money, context) =>
            {
                attempts++;
                Ledger.Write(context.UnitOfWork, money.Account);
                await context.Bus.PublishAsync(new ReceiptSent("a", 1), context.Cancellation);
                if (commits)
                    await context.UnitOfWork.Transaction.CommitAsync(context.Cancellation);
                else
                    await context.UnitOfWork.Transaction.RollbackAsync(context.Cancellation);
                if (throws)
                    throw new InvalidOperationException("It fails after that.");
            })
            .On<ReceiptSent>(receipt => published.Enqueue(receipt.Amount), "receipts"));

        await ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation);
        IReadOnlyList<DeadLetter> letters = [];
        await Eventually.IsTrueAsync(async () => (letters = await ledger.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count == 1, what: "it is a dead letter");

        Assert.Equal((ErrorCodes.TransactionEnded, 1), (letters[0].Code, attempts));
        Assert.Equal(throws, letters[0].Attempts[^1].Message.Contains("It fails after that.", StringComparison.Ordinal));
        Assert.Equal(commits ? ["a"] : [], ledger.Effects());
        Assert.Empty(published);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitAsync_ShouldStoreNothing_WhenItsUserHasEndedTheTransaction(bool commits)
    {
        await using var ledger = await Ledger.OpenAsync(static carillon => carillon.On<MoneyReceived>(static _ => { }));
        await using (var work = await ledger.Bus.BeginAsync(cancellation: Cancellation))
        {
            Ledger.Write(work, "first");
            await ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation);
            await (commits ? work.Transaction.CommitAsync(Cancellation) : work.Transaction.RollbackAsync(Cancellation));
            Assert.Equal(ErrorCodes.TransactionEnded, (await Assert.ThrowsAsync<CarillonException>(async () => await work.CommitAsync(Cancellation))).Code);
        }

        Assert.Equal(0, Database.Number(ledger.Folder, "SELECT count(*) FROM carillon_messages"));
        await using var next = await ledger.Bus.BeginAsync(cancellation: Cancellation);
        Ledger.Write(next, "second");
        await next.CommitAsync(Cancellation);
        Assert.Equal(commits ? ["first", "second"] : ["second"], ledger.Effects());
    }
}
