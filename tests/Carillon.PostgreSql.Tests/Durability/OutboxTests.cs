using System.Collections.Concurrent;
using Carillon.Durability;
using Carillon.Relational;
using Carillon.Tests;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.PostgreSql.Tests.Durability;

/// <summary>A store in one database while another one carries the messages: they go through the outbox, complete and in the order of each key.</summary>
public sealed class OutboxTests : DatabaseTests
{
    private static readonly string[] Accounts = ["a", "b", "c"];
    private readonly ConcurrentQueue<Invoiced> _handled = new();
    private TestDatabase _transport = null!;
    private IHost? _host;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _transport = await TestDatabase.CreateAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }

        await _transport.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Relay_ShouldSendOnceAndInOrder_WhenUnitsOfWorkAndOthersPublish(bool transportFirst)
    {
        var bus = await StartAsync(transportFirst);

        for (var number = 0; number < 60; number++)
            await PublishAsync(bus, number);

        await Eventually.IsTrueAsync(() => _handled.Count >= 40 * Accounts.Length, what: "everything is handled");
        var expected = Enumerable.Range(0, 60).Where(number => number % 3 != 2);
        Assert.All(Accounts, account => Assert.Equal(expected, _handled.Where(invoiced => invoiced.Account == account).Select(invoiced => invoiced.Number)));
        Assert.Equal(120, await _transport.NumberAsync("SELECT count(*) FROM carillon_messages"));
        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
        Assert.Equal(20, await Database.NumberAsync("SELECT count(*) FROM invoices"));
    }

    [Fact]
    public async Task Outbox_ShouldForgetWhatWasSentAndNothingElse_WhenAnotherServiceHasNoRelay()
    {
        var bus = await StartAsync(transportFirst: false);
        await bus.PublishAsync(new Invoiced("a", 1), Cancellation);
        await Eventually.IsTrueAsync(() => _handled.Count == 1, what: "it is handled");
        await Database.ExecuteAsync("INSERT INTO carillon_outbox (partition, source, recorded) SELECT n % 16, '/services/stranger', 0 FROM generate_series(1, 1000) AS n");
        await Eventually.IsTrueAsync(
            async () => await _host!.Services.GetRequiredKeyedService<IOutbox>("billing").FindOldestUnsentAsync("billing", Cancellation) is null, what: "its relay has passed it");

        var database = await _host!.Services.GetRequiredKeyedService<PostgreSqlDatabase>("billing").OpenAsync(Cancellation);
        await new RetentionWorker(database, TimeSpan.FromDays(7), limit => new RetentionChunk(TimeSpan.FromDays(7), 16, limit), NullLogger.Instance).RunAsync(Cancellation);

        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM carillon_outbox WHERE source <> '/services/stranger'"));
        Assert.Equal(1000, await Database.NumberAsync("SELECT count(*) FROM carillon_outbox"));
    }

    private async Task<IEventBus> StartAsync(bool transportFirst)
    {
        await Database.ExecuteAsync("CREATE TABLE invoices (number int)");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("billing", carillon =>
        {
            if (transportFirst)
                carillon.UsePostgreSql(_transport.ConnectionString);
            carillon.UsePostgreSqlStore(Database.ConnectionString);
            if (!transportFirst)
                carillon.UsePostgreSql(_transport.ConnectionString);
            carillon.Subscription(subscription => subscription.Start = StartPosition.Beginning).On<Invoiced>(_handled.Enqueue);
        });
        _host = builder.Build();
        await _host.StartAsync(Cancellation);
        return _host.Services.GetRequiredService<IEventBus>();
    }

    // Of three numbers, one is published by itself, one in a unit of work, and one in a unit of work that rolls back.
    private static async Task PublishAsync(IEventBus bus, int number)
    {
        if (number % 3 == 0)
        {
            foreach (var account in Accounts)
                await bus.PublishAsync(new Invoiced(account, number), Cancellation);
            return;
        }

        await using var work = await bus.BeginAsync(cancellation: Cancellation);
        await using var command = work.Connection.CreateCommand();
        command.Transaction = work.Transaction;
        command.CommandText = "INSERT INTO invoices VALUES (1)";
        await command.ExecuteNonQueryAsync(Cancellation);
        foreach (var account in Accounts)
            await bus.PublishAsync(new Invoiced(account, number), Cancellation);
        if (number % 3 == 1)
            await work.CommitAsync(Cancellation);
    }
}
