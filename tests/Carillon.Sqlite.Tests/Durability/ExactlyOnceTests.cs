using System.Collections.Concurrent;
using System.Text;
using Carillon.Tests;

namespace Carillon.Sqlite.Tests.Durability;

/// <summary>G2: rows, outgoing messages and the mark that a message was handled are committed together, once.</summary>
public sealed class ExactlyOnceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handling_ShouldLeaveNothingOfAFailedAttempt_WhenTheHandlerFailsAfterItsWork()
    {
        var receipts = new ConcurrentQueue<int>();
        await using var ledger = await Ledger.OpenAsync(carillon => carillon
            .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
            .On<MoneyReceived>(async (money, context) =>
            {
                Ledger.Write(context.UnitOfWork, $"{money.Account}+{money.Amount}");
                await context.Bus.PublishAsync(new ReceiptSent(money.Account, money.Amount), context.Cancellation);
                if (context.Attempt < 3)
                    throw new InvalidOperationException("after the work, before the commit");
            })
            .On<ReceiptSent>(receipt => receipts.Enqueue(receipt.Amount), "receipts"));

        await ledger.Bus.PublishAsync(new MoneyReceived("a", 5), Cancellation);

        await ledger.HasEffectsAsync(1);
        await Eventually.IsTrueAsync(() => !receipts.IsEmpty);
        await ledger.Bus.PublishAsync(new MoneyReceived("a", 6), Cancellation);
        await ledger.HasEffectsAsync(2);
        await Eventually.IsTrueAsync(() => receipts.Count >= 2);
        Assert.Equal(["a+5", "a+6"], ledger.Effects());
        Assert.Equal([5, 6], receipts);
    }

    [Fact]
    public async Task Handling_ShouldHappenOnce_WhenAMessageIsPublishedAgainUnderItsId()
    {
        await using var ledger = await Ledger.OpenAsync(Book);
        var once = new PublishOptions { Id = EventId.Parse("payment-7") };

        for (var times = 0; times < 50; times++)
            await ledger.Bus.PublishAsync(new MoneyReceived("a", 5), once, Cancellation);
        await ledger.Bus.PublishAsync(new MoneyReceived("a", 6), Cancellation);

        await ledger.HasEffectsAsync(2);
        Assert.Equal(["a+5", "a+6"], ledger.Effects());
        Assert.Empty(await ledger.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Handling_ShouldMakeADeadLetter_WhenAnIdIsUsedAgainForAnotherBody()
    {
        await using var ledger = await Ledger.OpenAsync(Book);
        var once = new PublishOptions { Id = EventId.Parse("payment-7") };

        await ledger.Bus.PublishAsync(new MoneyReceived("a", 5), once, Cancellation);
        await ledger.Bus.PublishAsync(new MoneyReceived("a", 500), once, Cancellation);

        DeadLetter? dead = null;
        await Eventually.IsTrueAsync(async () => (dead = (await ledger.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).SingleOrDefault()) is not null);
        Assert.Equal(ErrorCodes.IdReused, dead!.Code);
        Assert.Contains("500", Encoding.UTF8.GetString(dead.Envelope.Body.Span), StringComparison.Ordinal);
        Assert.Equal(["a+5"], ledger.Effects());
    }

    [Fact]
    public async Task BatchHandling_ShouldHappenOncePerMessage_WhenSomeOfTheBatchAreDuplicates()
    {
        await using var ledger = await Ledger.OpenAsync(carillon => carillon
            .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
            .AddHandler(new BatchHandlerDefinition<MoneyReceived>(
                "Book", new MessageDefinition<MoneyReceived>("money.received", MessageKind.Event, money => money.Account), 20, (batch, context, _) =>
                {
                    foreach (var money in batch)
                        Ledger.Write(context.UnitOfWork, $"{money.Account}+{money.Amount}");
                    return ValueTask.CompletedTask;
                })));

        for (var amount = 0; amount < 60; amount++)
        {
            var options = new PublishOptions { Id = EventId.Parse($"payment-{amount % 20}") };
            await ledger.Bus.PublishAsync(new MoneyReceived("a", amount % 20), options, Cancellation);
        }

        await ledger.Bus.PublishAsync(new MoneyReceived("a", 99), Cancellation);
        await Eventually.IsTrueAsync(() => ledger.Effects().Contains("a+99"));
        Assert.Equal([.. Enumerable.Range(0, 20).Select(amount => $"a+{amount}"), "a+99"], ledger.Effects());
    }

    private static void Book(ICarillonBuilder carillon) => carillon
        .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
        .On<MoneyReceived>((money, context) => Ledger.Write(context.UnitOfWork, $"{money.Account}+{money.Amount}"));
}
