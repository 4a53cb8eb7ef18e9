using System.Collections.Concurrent;
using Carillon.Relational;
using Carillon.Tests;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Sqlite.Tests.Durability;

/// <summary>A store that is not the transport: what is published goes through the outbox, complete and in the order of each key.</summary>
public sealed class OutboxTests : IAsyncDisposable
{
    private static readonly string[] Accounts = ["a", "b", "c"];
    private readonly RelayedServices _services = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Relay_ShouldSendOnceAndInOrder_WhenUnitsOfWorkAndOthersPublish(bool transportFirst)
    {
        var host = await _services.StartAsync(transportFirst: transportFirst);
        Assert.Equal(_services.Store.Database, host.Services.GetRequiredService<SqliteFile>().Path);
        Assert.Equal(_services.Store.Database, host.Services.GetRequiredKeyedService<SqliteFile>("ledger").Path);

        for (var amount = 0; amount < 30; amount++)
            await PublishAsync(RelayedServices.BusOf(host), amount, inUnitOfWork: amount % 3 > 0, commits: amount % 3 != 2);

        await Eventually.IsTrueAsync(() => _services.Handled.Count >= 60);
        Assert.All(Accounts, account => Assert.Equal(Enumerable.Range(0, 30).Where(amount => amount % 3 != 2), _services.AmountsOf(account)));
        Assert.Equal(10, Database.Number(_services.Store, "SELECT count(*) FROM effects"));
        Assert.Equal(60, Database.Number(_services.Transport, "SELECT count(*) FROM carillon_messages"));
        Assert.Equal(0, Database.Number(_services.Store, "SELECT count(*) FROM carillon_messages"));
    }

    [Fact]
    public async Task Relay_ShouldDrainByItself_WhenTheTransportWasAway()
    {
        var host = await _services.StartAsync();
        using (_services.BlockTransport())
        {
            for (var amount = 0; amount < 200; amount++)
                await PublishAsync(RelayedServices.BusOf(host), amount, inUnitOfWork: amount % 2 == 0, commits: true);
            Assert.Equal(600, _services.Stored);
            await Eventually.IsTrueAsync(async () => await RelayedServices.CheckAsync(host) == HealthStatus.Degraded);
            Assert.Empty(_services.Handled);
        }

        await Eventually.IsTrueAsync(() => _services.Handled.Count >= 600);
        Assert.All(Accounts, account => Assert.Equal(Enumerable.Range(0, 200), _services.AmountsOf(account)));
        Assert.Empty(await host.Services.GetRequiredService<IDeadLetters>().ListAsync(new DeadLetterQuery(), Cancellation));
        await Eventually.IsTrueAsync(async () => await RelayedServices.CheckAsync(host) == HealthStatus.Healthy);
    }

    [Fact]
    public async Task Relay_ShouldGoOn_WhenTheServiceIsStartedAgain()
    {
        var host = await _services.StartAsync();
        using (_services.BlockTransport())
        {
            for (var amount = 0; amount < 20; amount++)
                await PublishAsync(RelayedServices.BusOf(host), amount, inUnitOfWork: true, commits: true);
            await host.StopAsync(Cancellation);
        }

        Assert.Empty(_services.Handled);
        await _services.StartAsync();

        await Eventually.IsTrueAsync(() => _services.Handled.Count >= 60);
        Assert.All(Accounts, account => Assert.Equal(Enumerable.Range(0, 20), _services.AmountsOf(account)));
    }

    [Fact]
    public async Task Handling_ShouldSendItsResultsOnce_WhenItFailsAfterItsWork()
    {
        var receipts = new ConcurrentQueue<int>();
        var host = await _services.StartAsync(carillon => carillon
            .Subscription("booking", subscription => (subscription.Delivery, subscription.Start) = (DeliveryGuarantee.ExactlyOnce, StartPosition.Beginning))
            .On<MoneyReceived>(async (money, context) =>
            {
                Ledger.Write(context.UnitOfWork, $"{money.Account}+{money.Amount}");
                await context.Bus.PublishAsync(new ReceiptSent(money.Account, money.Amount), context.Cancellation);
                if (context.Attempt < 3)
                    throw new InvalidOperationException("after the work, before the commit");
            }, "booking")
            .On<ReceiptSent>(receipt => receipts.Enqueue(receipt.Amount), "receipts"));

        for (var amount = 0; amount < 5; amount++)
            await RelayedServices.BusOf(host).PublishAsync(new MoneyReceived("a", amount), Cancellation);

        await Eventually.IsTrueAsync(() => receipts.Count >= 5, TimeSpan.FromSeconds(60));
        Assert.Equal(Enumerable.Range(0, 5), receipts);
        Assert.Equal(5, Database.Number(_services.Store, "SELECT count(*) FROM effects"));
    }

    [Fact]
    public async Task Schedule_ShouldPublishThroughTheOutbox_WhenAMessageIsDue()
    {
        var host = await _services.StartAsync();
        await using (var work = await RelayedServices.BusOf(host).BeginAsync(cancellation: Cancellation))
        {
            await RelayedServices.BusOf(host).ScheduleAsync(new MoneyReceived("a", 1), TimeProvider.System.GetUtcNow().AddMilliseconds(100), cancellation: Cancellation);
            await work.CommitAsync(Cancellation);
        }

        await Eventually.IsTrueAsync(() => _services.Handled.Count == 1);
        Assert.Equal(1, Database.Number(_services.Store, "SELECT seq FROM sqlite_sequence WHERE name = 'carillon_outbox'"));
        Assert.Equal(0, Database.Number(_services.Store, "SELECT count(*) FROM carillon_scheduled"));
    }

    [Fact]
    public async Task Retention_ShouldRemoveWhatIsSentAndNothingElse_WhenTheTransportIsAway()
    {
        var host = await _services.StartAsync();
        for (var amount = 0; amount < 10; amount++)
            await PublishAsync(RelayedServices.BusOf(host), amount, inUnitOfWork: false, commits: true);
        await Eventually.IsTrueAsync(() => _services.Handled.Count >= 30);
        var file = await host.Services.GetRequiredService<SqliteFile>().OpenAsync(Cancellation);
        var options = new SqliteOptions();
        var worker = new RetentionWorker(
            file, options.InboxRetentionAge, limit => new RetentionChunk(options.RetentionAge, options.RetentionSizeBytes, limit), NullLogger.Instance);

        await Eventually.IsTrueAsync(async () => await worker.RunAsync(Cancellation) >= 0 && _services.Stored == 0);

        using var blocked = _services.BlockTransport();
        await PublishAsync(RelayedServices.BusOf(host), 10, inUnitOfWork: true, commits: true);
        Database.Execute(_services.Store, "UPDATE carillon_outbox SET recorded = 0");
        Assert.Equal(0, await worker.RunAsync(Cancellation));
        Assert.Equal(3, _services.Stored);
    }

    [Fact]
    public async Task Relay_ShouldTakeItsOwnMessages_WhenTwoServicesShareTheStore()
    {
        var sources = new ConcurrentQueue<(string? Service, int Amount)>();
        var ledger = await _services.StartAsync(carillon => carillon.On<MoneyReceived>((money, context) => sources.Enqueue((context.Envelope.Source, money.Amount)), "sources"));
        var bank = await _services.StartAsync(service: "bank");

        for (var amount = 0; amount < 20; amount++)
        {
            await RelayedServices.BusOf(ledger).PublishAsync(new MoneyReceived("l", amount), Cancellation);
            await RelayedServices.BusOf(bank).PublishAsync(new MoneyReceived("b", amount), Cancellation);
        }

        await Eventually.IsTrueAsync(() => sources.Count >= 40);
        Assert.Equal(Enumerable.Range(0, 20), sources.Where(from => from.Service == "/services/ledger").Select(from => from.Amount));
        Assert.Equal(Enumerable.Range(0, 20), sources.Where(from => from.Service == "/services/bank").Select(from => from.Amount));
        Assert.Equal(40, Database.Number(_services.Transport, "SELECT count(*) FROM carillon_messages"));
    }

    [Fact]
    public async Task Relay_ShouldKeepACommandForReplay_WhenNobodyHandlesIt()
    {
        var host = await _services.StartAsync();
        var letters = host.Services.GetRequiredService<IDeadLetters>();
        await RelayedServices.BusOf(host).SendAsync(new RefundMoney("a", 7), cancellation: Cancellation);

        DeadLetter? dead = null;
        await Eventually.IsTrueAsync(async () => (dead = (await letters.ListAsync(new DeadLetterQuery(), Cancellation)).SingleOrDefault()) is not null);
        Assert.Equal((ErrorCodes.NoCommandHandler, "ledger:outbox"), (dead!.Code, dead.Subscription));

        var refunds = new ConcurrentQueue<int>();
        await _services.StartAsync(carillon => carillon.On<RefundMoney>(refund => refunds.Enqueue(refund.Amount)), service: "refunds");
        await letters.ReplayAsync(dead.Id, Cancellation);

        await Eventually.IsTrueAsync(() => !refunds.IsEmpty);
        Assert.Equal([7], refunds);
        Assert.Empty(await letters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    private static async Task PublishAsync(IEventBus bus, int amount, bool inUnitOfWork, bool commits)
    {
        if (!inUnitOfWork)
        {
            foreach (var account in Accounts)
                await bus.PublishAsync(new MoneyReceived(account, amount), Cancellation);
            return;
        }

        await using var work = await bus.BeginAsync(cancellation: Cancellation);
        Ledger.Write(work, $"{amount}");
        await bus.PublishBatchAsync([.. Accounts.Select(account => new MoneyReceived(account, amount))], cancellation: Cancellation);
        if (commits)
            await work.CommitAsync(Cancellation);
    }
}
