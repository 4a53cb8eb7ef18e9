using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Contexts with execution strategies that retry work in handlers: there the unit of work is what is tried again.</summary>
public abstract class RetryingContextTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private readonly TDatabase _database = new();
    private readonly HandlerSteps _steps = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_ShouldStoreRowsAndMessagesTogether_WhenTheStrategyOfTheContextRetries(bool isAsync)
    {
        await using var shop = await OpenAsync(usesCarillon: true);
        _steps.Use = async context =>
        {
            Add(context, 10);
            _ = isAsync ? await context.SaveChangesAsync(Cancellation) : context.SaveChanges();
            Add(context, await context.Orders.CountAsync(Cancellation));
            await context.Database.CreateExecutionStrategy().ExecuteAsync(() => context.SaveChangesAsync(Cancellation));
            await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
        };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);
        await shop.HasPublishedAsync(count: 1);

        await shop.HasAsync(stored: [1, 10], published: [1]);
    }

    [Fact]
    public async Task Handler_ShouldRunAgain_WhenItFailsWithWhatTheStrategyRetries()
    {
        (_steps.Saves, _steps.Failures) = (true, 1);
        await using var shop = await OpenAsync(usesCarillon: true);
        var failures = 1;
        _steps.Use = async context =>
        {
            Add(context, 10);
            await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                await context.SaveChangesAsync(Cancellation);
                if (failures-- > 0)
                    throw new TransientException();
            });
        };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);
        await Eventually.IsTrueAsync(() => _steps.Contexts.Count == 3);

        await shop.HasAsync(stored: [10], published: []);
        Assert.Equal(3, _steps.Contexts.Count);
    }

    [Fact]
    public async Task Handler_ShouldBeDeadLettered_WhenTheStrategyRetriesAndTheOptionsSayNothingOfCarillon()
    {
        await using var shop = await OpenAsync(usesCarillon: false);
        _steps.Use = context =>
        {
            Add(context, 10);
            return Task.CompletedTask;
        };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);

        var letters = shop.Services.GetRequiredService<IDeadLetters>();
        IReadOnlyList<DeadLetter> found = [];
        await Eventually.IsTrueAsync(async () => (found = await letters.ListAsync(new DeadLetterQuery(), Cancellation)).Count > 0);
        Assert.Contains(ErrorCodes.InvalidUnitOfWork, found[0].Attempts[^1].Message, StringComparison.Ordinal);
        Assert.Contains("UseCarillon", found[0].Attempts[^1].Message, StringComparison.Ordinal);
    }

    private static void Add(ShopContext context, int number) => context.Orders.Add(new Order { Customer = "a", Number = number });

    private Task<Shop> OpenAsync(bool usesCarillon) => Shop.OpenAsync(
        _database,
        services =>
        {
            services.AddSingleton(_steps);
            services.AddDbContext<ShopContext>((provider, options) =>
            {
                _database.UseRetrying(options, dependencies => new RetryingStrategy(dependencies));
                if (usesCarillon)
                    options.UseCarillon(provider);
            });
        },
        carillon => carillon
            .AddHandlers(typeof(InsideHandlers))
            .Subscription(subscription => subscription.Retry(retries => retries.DelayedAttempts = 0)));
}
