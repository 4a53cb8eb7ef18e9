using System.Collections.Concurrent;
using System.Data;
using System.Globalization;
using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handlers that take a context from a pool: however a run ends, nobody who has the context after it finds anything of it.</summary>
public abstract class ContextPoolTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private readonly TDatabase _database = new();
    private readonly PooledRuns _runs = new();
    private readonly ConcurrentQueue<string> _found = new();

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected TDatabase Database => _database;

    private protected PooledRuns Runs => _runs;

    [Theory]
    [MemberData(nameof(PooledRuns.Cases), MemberType = typeof(PooledRuns))]
    public async Task Handler_ShouldFindNothingOfAnotherRun_WhenItsContextIsPooled(bool isFactory, string end)
    {
        _runs.Do = (run, context, cancellation) => run == 1 ? LeaveTracesAsync(context, end, cancellation) : LookAsync(context);
        await using var shop = await OpenAsync(isFactory, longestRun: end == "takes too long" ? TimeSpan.FromSeconds(2) : null);

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);
        await Eventually.IsTrueAsync(() => !_runs.Contexts.IsEmpty);
        await shop.Bus.PublishAsync(new PaymentReceived("a", 20), Cancellation);
        await Eventually.IsTrueAsync(async () => await IsStoredAsync(20));

        Assert.Single(_runs.Contexts.Distinct());
        Assert.NotEmpty(_found);
        Assert.Single(_found.Distinct());
        Assert.Equal("tracked: 0; timeout: ; transaction: True; connection: Open; savepoints: True; tracking: TrackAll", _found.First());
        await shop.InContextAsync(OutsideAsync);
        await shop.HasAsync(stored: end == "returns" ? [5, 10, 20, 30] : [10, 20, 30], published: end == "returns" ? [5, 30] : [30]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Handler_ShouldGiveItsContextBack_WhenItCannotJoinTheUnitOfWork(bool isFactory)
    {
        var refusing = new RefusingInterceptor { Refusals = 1 };
        await using var shop = await OpenAsync(isFactory, options => options.AddInterceptors(refusing));

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);
        await Eventually.IsTrueAsync(async () => await IsStoredAsync(10));

        Assert.True(refusing.Refusals < 1);
        await shop.InContextAsync(OutsideAsync);
        await shop.HasAsync(stored: [10, 30], published: [30]);
    }

    private protected Task<Shop> OpenAsync(bool isFactory, Action<DbContextOptionsBuilder>? configure = null, TimeSpan? longestRun = null) => Shop.OpenAsync(
        _database,
        services =>
        {
            services.AddSingleton(_runs);
            if (isFactory)
                services.AddPooledDbContextFactory<ShopContext>(Configure, poolSize: 1);
            else
                services.AddDbContextPool<ShopContext>(Configure, poolSize: 1);

            void Configure(IServiceProvider provider, DbContextOptionsBuilder options)
            {
                _database.Use(options);
                options.UseCarillon(provider);
                configure?.Invoke(options);
            }
        },
        carillon => carillon.AddHandlers(typeof(PooledHandlers)).Subscription(subscription =>
        {
            subscription.HandlerTimeout = longestRun ?? subscription.HandlerTimeout;
            subscription.Retry(retries => retries.ImmediateAttempts = 5);
        }));

    private protected static async Task OutsideAsync(ShopContext context)
    {
        Assert.Empty(context.ChangeTracker.Entries());
        Assert.Null(context.Database.CurrentTransaction);
        Assert.Equal(ConnectionState.Closed, context.Database.GetDbConnection().State);
        context.Orders.Add(new Order { Customer = "b", Number = 30 });
        context.Publish(new OrderPlaced("b", 30));
        await context.SaveChangesAsync(Cancellation);
    }

    /// <summary>Looks by itself: the pool has one context, which the handler is to have.</summary>
    private protected async Task<bool> IsStoredAsync(int number)
    {
        await using var connection = await _database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""SELECT count(*) FROM "Orders" WHERE "Number" = {number}""");
        return Convert.ToInt32(await command.ExecuteScalarAsync(Cancellation), CultureInfo.InvariantCulture) > 0;
    }

    private static async Task LeaveTracesAsync(ShopContext context, string end, CancellationToken cancellation)
    {
        context.Orders.Add(new Order { Customer = "a", Number = 5 });
        context.Publish(new OrderPlaced("a", 5));
        context.Database.SetCommandTimeout(7);
        await context.SaveChangesAsync(cancellation);
        context.SavingChanges += static (sender, _) => ((ShopContext)sender!).Database.SetCommandTimeout(8);
        context.Database.AutoSavepointsEnabled = false;
        context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        context.Attach(new Order { Id = Guid.NewGuid(), Customer = "a", Number = 6 });
        if (end == "throws")
            throw new TransientException();
        if (end == "cannot save")
            context.Orders.Add(new Order { Customer = null!, Number = 7 });
        if (end == "takes too long")
            await Task.Delay(Timeout.Infinite, cancellation);
    }

    private async Task LookAsync(ShopContext context)
    {
        var tracked = context.ChangeTracker.Entries().Count();
        // Whoever listened to its saves would change the time-out.
        await context.SaveChangesAsync(Cancellation);
        var database = context.Database;
        _found.Enqueue($"tracked: {tracked}; timeout: {database.GetCommandTimeout()}; transaction: {database.CurrentTransaction is not null}; connection: {database.GetDbConnection().State}; "
            + $"savepoints: {database.AutoSavepointsEnabled}; tracking: {context.ChangeTracker.QueryTrackingBehavior}");
    }
}
