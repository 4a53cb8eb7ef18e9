using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handlers that take a context: rows, messages and the inbox mark are committed together, once.</summary>
public abstract class ContextHandlerTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private readonly HandlerSteps _steps = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_ShouldStoreRowsAndMessagesTogether_WhenItSavesOrLeavesItToTheFramework(bool saves)
    {
        _steps.Saves = saves;
        await using var shop = await OpenAsync((services, configure) => services.AddDbContext<ShopContext>(configure));

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);
        await Eventually.IsTrueAsync(() => !_steps.Contexts.IsEmpty);
        await shop.HasPublishedAsync(count: 4);

        await shop.HasAsync(stored: [10, 110], published: [10, 11, 12, 13]);
    }

    [Fact]
    public async Task Handler_ShouldHaveOneEffect_WhenItFailsAfterItHasWritten()
    {
        (_steps.Saves, _steps.Failures) = (true, 2);
        await using var shop = await OpenAsync((services, configure) => services.AddDbContext<ShopContext>(configure));

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);
        await shop.HasPublishedAsync(count: 4);

        await shop.HasAsync(stored: [10, 110], published: [10, 11, 12, 13]);
        Assert.Equal(3, _steps.Contexts.Count);
    }

    [Fact]
    public async Task Handler_ShouldHaveOneEffect_WhenTheMessageIsPublishedTwice()
    {
        await using var shop = await OpenAsync((services, configure) => services.AddDbContext<ShopContext>(configure));
        var options = new PublishOptions { Id = EventId.Parse("payment-1") };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), options, Cancellation);
        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), options, Cancellation);
        await shop.Bus.PublishAsync(new PaymentReceived("a", 20), Cancellation);
        await shop.HasPublishedAsync(count: 8);

        await shop.HasAsync(stored: [10, 20, 110, 120], published: [10, 11, 12, 13, 20, 21, 22, 23]);
    }

    [Fact]
    public async Task Handler_ShouldGiveTheContextBackAsItWas_WhenItIsPooled()
    {
        await using var shop = await OpenAsync((services, configure) => services.AddDbContextPool<ShopContext>(configure, poolSize: 1));

        for (var number = 10; number <= 30; number += 10)
        {
            await shop.Bus.PublishAsync(new PaymentReceived("a", number), Cancellation);
            await shop.HasPublishedAsync(count: number / 10 * 4);
            var next = number;
            await shop.InContextAsync(async context =>
            {
                context.Orders.Add(new Order { Customer = "b", Number = next + 5 });
                await context.SaveChangesAsync(Cancellation);
            });
        }

        Assert.Single(_steps.Contexts.Distinct());
        await shop.HasAsync(stored: [10, 15, 20, 25, 30, 35, 110, 120, 130], published: [10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33]);
    }

    [Fact]
    public async Task Handler_ShouldGoOnAfterWhatWasRefused_WhenItSavesOften()
    {
        await using var shop = await OpenAsync((services, configure) => services.AddDbContext<ShopContext>(configure), typeof(SavingHandlers));
        int[] saved = [.. Enumerable.Range(10, SavingHandlers.Count)];

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);
        await Eventually.IsTrueAsync(async () => await CountAsync(shop) > 0);

        await shop.HasAsync(stored: saved, published: []);
    }

    /// <summary>Each of them would be taken for handled, were it tried by itself: their marks are committed.</summary>
    [Fact]
    public async Task Batch_ShouldBeDeadLettered_WhenItsHandlerCommitsTheTransaction()
    {
        await using var shop = await OpenAsync((services, configure) => services.AddDbContext<ShopContext>(configure), typeof(CommittingHandlers));

        for (var number = 1; number <= 5; number++)
            await shop.Bus.PublishAsync(new PaymentReceived($"customer-{number}", number), Cancellation);

        var letters = shop.Services.GetRequiredService<IDeadLetters>();
        IReadOnlyList<DeadLetter> found = [];
        await Eventually.IsTrueAsync(async () => (found = await letters.ListAsync(new DeadLetterQuery(), Cancellation)).Count == 5, what: "each of them is a dead letter");
        Assert.All(found, letter => Assert.Equal(ErrorCodes.TransactionEnded, letter.Code));
        Assert.All(found, letter => Assert.Contains("It fails after that", letter.Attempts[^1].Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handler_ShouldBeDeadLettered_WhenTheContextIsOnAnotherDatabase()
    {
        await using var shop = await OpenAsync((services, _) => services.AddDbContext<ShopContext>((provider, options) =>
            provider.GetRequiredService<ShopDatabase>().UseAnother(options)));

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);

        var letters = shop.Services.GetRequiredService<IDeadLetters>();
        IReadOnlyList<DeadLetter> found = [];
        await Eventually.IsTrueAsync(async () => (found = await letters.ListAsync(new DeadLetterQuery(), Cancellation)).Count > 0);
        Assert.Contains("on the database of the service's store", found[0].Attempts[^1].Message, StringComparison.Ordinal);
        await shop.HasAsync(stored: [], published: []);
    }

    private static async Task<int> CountAsync(Shop shop)
    {
        var count = 0;
        await shop.InContextAsync(async context => count = await context.Orders.CountAsync(Cancellation));
        return count;
    }

    private Task<Shop> OpenAsync(Action<IServiceCollection, Action<IServiceProvider, DbContextOptionsBuilder>> add, Type? handlers = null)
    {
        var database = new TDatabase();
        return Shop.OpenAsync(
            database,
            services =>
            {
                services.AddSingleton<ShopDatabase>(database);
                services.AddSingleton(_steps);
                add(services, (provider, options) =>
                {
                    database.Use(options);
                    options.UseCarillon(provider);
                });
            },
            carillon => carillon
                .AddHandlers(handlers ?? typeof(PaymentHandlers))
                .Subscription(subscription => subscription.Retry(retries => retries.DelayedAttempts = 0)));
    }
}
