using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>A context whose own connection would do something else than that of the unit of work is no context for a handler.</summary>
public abstract class ContextSettingsTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private readonly HandlerSteps _steps = new();
    private bool _isOpen;

    protected TDatabase Database { get; } = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handler_ShouldBeDeadLettered_WhenAnInterceptorOfTheContextPreparesItsConnections()
    {
        var error = await RefusalAsync(options =>
        {
            Database.Use(options);
            options.AddInterceptors(new SessionInterceptor());
        });

        Assert.Contains(nameof(SessionInterceptor), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_ShouldBeDeadLettered_WhenTheContextWasGivenAConnection()
    {
        await using var connection = await Database.OpenAsync();

        var error = await RefusalAsync(options => Database.Use(options, connection));

        Assert.Contains("connection string", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_ShouldBeDeadLettered_WhenTheContextHasOpenedItsConnection()
    {
        var error = await RefusalAsync(Database.Use, async (context, next) =>
        {
            await context.Services.GetRequiredService<ShopContext>().Database.OpenConnectionAsync(Cancellation);
            await next(context);
        });

        Assert.Contains("open connection", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_ShouldHandle_WhenAnInterceptorOfTheContextLeavesItsConnectionsAsTheyAre()
    {
        var interceptor = new CountingInterceptor();
        await using var shop = await OpenAsync(options =>
        {
            Database.Use(options);
            options.AddInterceptors(interceptor);
        });

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);
        await shop.HasPublishedAsync(count: 4);

        await shop.HasAsync(stored: [10, 110], published: [10, 11, 12, 13]);
        Assert.NotEqual(0, interceptor.Closed);
    }

    /// <summary>Lets a handler take a context of such options, and tells why it was refused.</summary>
    protected async Task<string> RefusalAsync(Action<DbContextOptionsBuilder> use, Func<EventContext, EventDelegate, ValueTask>? before = null)
    {
        await using var shop = await OpenAsync(use, before);

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);

        var letters = shop.Services.GetRequiredService<IDeadLetters>();
        IReadOnlyList<DeadLetter> found = [];
        await Eventually.IsTrueAsync(async () => (found = await letters.ListAsync(new DeadLetterQuery(), Cancellation)).Count > 0);
        _isOpen = false;
        await shop.HasAsync(stored: [], published: []);
        Assert.Contains(ErrorCodes.InvalidUnitOfWork, found[0].Attempts[^1].Message, StringComparison.Ordinal);
        return found[0].Attempts[^1].Message;
    }

    private async Task<Shop> OpenAsync(Action<DbContextOptionsBuilder> use, Func<EventContext, EventDelegate, ValueTask>? before = null)
    {
        var shop = await Shop.OpenAsync(
            Database,
            services =>
            {
                services.AddSingleton(_steps);
                services.AddDbContext<ShopContext>((provider, options) =>
                {
                    if (_isOpen)
                        use(options);
                    else
                        Database.Use(options);
                    options.UseCarillon(provider);
                });
            },
            carillon => carillon
                .Use(before ?? (static (context, next) => next(context)))
                .AddHandlers(typeof(PaymentHandlers))
                .Subscription(subscription => subscription.Retry(retries => retries.DelayedAttempts = 0)));
        _isOpen = true;
        return shop;
    }
}
