using System.Collections.Concurrent;
using Carillon.Tests;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests.Durability;

/// <summary>Units of work outside handlers: rows and messages are stored together or not at all.</summary>
public sealed class UnitOfWorkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommitAsync_ShouldStoreRowsAndMessagesTogether_WhenBothWereWritten()
    {
        var handled = new ConcurrentQueue<int>();
        await using var ledger = await Ledger.OpenAsync(carillon => carillon.On<MoneyReceived>(money => handled.Enqueue(money.Amount)));

        await using (var work = await ledger.Bus.BeginAsync(cancellation: Cancellation))
        {
            Ledger.Write(work, "first");
            await ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation);
            await ledger.Bus.PublishBatchAsync([new MoneyReceived("a", 2), new MoneyReceived("a", 3)], cancellation: Cancellation);
            Assert.Empty(handled);
            Assert.Empty(ledger.Effects());
            await work.CommitAsync(Cancellation);
        }

        await Eventually.IsTrueAsync(() => handled.Count == 3);
        Assert.Equal([1, 2, 3], handled);
        Assert.Equal(["first"], ledger.Effects());
    }

    [Fact]
    public async Task CommitAsync_ShouldStoreEveryMessage_WhenHandlersPublishAndReturnFromManyThreads()
    {
        const int each = 500;
        var handled = new ConcurrentDictionary<int, int>();
        await using var ledger = await Ledger.OpenAsync(carillon => carillon
            .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
            .On<MoneyReceived>((money, context) => Task.WhenAll(Enumerable.Range(money.Amount * each, each).Select(async number =>
            {
                await Task.Yield();
                if (number % 2 == 0)
                    await context.Bus.PublishAsync(new ReceiptSent("a", number), context.Cancellation);
                else
                    await context.ReturnAsync(new ReceiptSent("a", number));
            })))
            .On<ReceiptSent>(receipt => { handled.AddOrUpdate(receipt.Amount, 1, static (_, times) => times + 1); }, "receipts"));

        for (var amount = 0; amount < 10; amount++)
            await ledger.Bus.PublishAsync(new MoneyReceived("a", amount), Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 10 * each, TimeSpan.FromSeconds(60));
        Assert.All(handled.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task DisposeAsync_ShouldLeaveNeitherRowsNorMessages_WhenItWasNotCommitted()
    {
        var handled = new ConcurrentQueue<int>();
        await using var ledger = await Ledger.OpenAsync(carillon => carillon.On<MoneyReceived>(money => handled.Enqueue(money.Amount)));

        await using (var work = await ledger.Bus.BeginAsync(cancellation: Cancellation))
        {
            Ledger.Write(work, "first");
            await ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation);
        }

        await ledger.Bus.PublishAsync(new MoneyReceived("a", 2), Cancellation);
        await Eventually.IsTrueAsync(() => !handled.IsEmpty);
        Assert.Equal([2], handled);
        Assert.Empty(ledger.Effects());
    }

    [Fact]
    public async Task BeginAsync_ShouldWorkOnTheCallersConnection_WhenOneIsGiven()
    {
        var handled = new ConcurrentQueue<int>();
        await using var ledger = await Ledger.OpenAsync(carillon => carillon.On<MoneyReceived>(money => handled.Enqueue(money.Amount)));
        await using var connection = ledger.File.OpenConnection();

        for (var amount = 1; amount <= 3; amount++)
        {
            await using var work = await ledger.Bus.BeginAsync(connection, Cancellation);
            Assert.Same(connection, work.Connection);
            Ledger.Write(work, $"row {amount}");
            await ledger.Bus.PublishAsync(new MoneyReceived("a", amount), Cancellation);
            await work.CommitAsync(Cancellation);
        }

        await Eventually.IsTrueAsync(() => handled.Count == 3);
        Assert.Equal(["row 1", "row 2", "row 3"], ledger.Effects());
    }

    [Fact]
    public async Task BeginAsync_ShouldRefuse_WhenTheConnectionGoesElsewhere()
    {
        await using var ledger = await Ledger.OpenAsync(_ => { });
        await using var elsewhere = new SqliteConnection("Data Source=:memory:");
        elsewhere.Open();

        var error = await Assert.ThrowsAsync<CarillonException>(() => ledger.Bus.BeginAsync(elsewhere, Cancellation).AsTask());

        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        Assert.Contains(ledger.File.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BeginAsync_ShouldRefuse_WhenThereIsAUnitOfWorkAlready()
    {
        await using var ledger = await Ledger.OpenAsync(_ => { });
        await using var work = await ledger.Bus.BeginAsync(cancellation: Cancellation);

        var error = await Assert.ThrowsAsync<CarillonException>(() => ledger.Bus.BeginAsync(cancellation: Cancellation).AsTask());

        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
    }

    [Fact]
    public async Task PublishOutsideAsync_ShouldRefuse_WhenTheUnitOfWorkHoldsTheOneWriter()
    {
        await using var ledger = await Ledger.OpenAsync(_ => { });
        await using var work = await ledger.Bus.BeginAsync(cancellation: Cancellation);

        var error = await Assert.ThrowsAsync<CarillonException>(
            () => ledger.Bus.PublishOutsideAsync(new MoneyReceived("a", 1), cancellation: Cancellation).AsTask());

        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
    }

    [Fact]
    public async Task PublishAsync_ShouldRefuse_WhenAUnitOfWorkIsDemandedAndThereIsNone()
    {
        await using var ledger = await Ledger.OpenAsync(carillon => carillon.Publishing(options => options.RequireUnitOfWork = true));

        var error = await Assert.ThrowsAsync<CarillonException>(() => ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation).AsTask());
        await ledger.Bus.PublishOutsideAsync(new MoneyReceived("a", 1), cancellation: Cancellation);
        await using var work = await ledger.Bus.BeginAsync(cancellation: Cancellation);
        await ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation);

        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
    }

    [Fact]
    public async Task UnitOfWork_ShouldRefuse_WhenItIsUsedAfterItsEnd()
    {
        await using var ledger = await Ledger.OpenAsync(_ => { });
        var work = await ledger.Bus.BeginAsync(cancellation: Cancellation);
        await work.CommitAsync(Cancellation);

        var error = Assert.Throws<CarillonException>(() => work.Transaction);
        await Assert.ThrowsAsync<CarillonException>(() => work.CommitAsync(Cancellation).AsTask());
        await Assert.ThrowsAsync<CarillonException>(() => ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation).AsTask());
        await work.DisposeAsync();
        await ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation);

        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
    }

    [Fact]
    public async Task UnitsOfWork_ShouldAllSucceed_WhenManyCompeteWithPublishersForTheOneWriter()
    {
        var handled = new ConcurrentQueue<int>();
        await using var ledger = await Ledger.OpenAsync(carillon => carillon.On<MoneyReceived>(money => handled.Enqueue(money.Amount)));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            for (var turn = 0; turn < 25; turn++)
            {
                if (worker % 2 == 0)
                {
                    await ledger.Bus.PublishAsync(new MoneyReceived($"w{worker}", turn), Cancellation);
                    continue;
                }

                await using var work = await ledger.Bus.BeginAsync(cancellation: Cancellation);
                Ledger.Write(work, $"{worker}:{turn}");
                await ledger.Bus.PublishAsync(new MoneyReceived($"w{worker}", turn), Cancellation);
                await work.CommitAsync(Cancellation);
            }
        }));

        await Eventually.IsTrueAsync(() => handled.Count == 200);
        Assert.Equal(100, ledger.Effects().Count);
    }
}
