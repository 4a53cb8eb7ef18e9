using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>What a handler writes to the store's database belongs to its unit of work, or is refused: nothing is done twice without a word.</summary>
[Trait("Guarantee", "G2")]
public abstract class OutsideContextTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private static readonly Dictionary<string, Func<ShopContext, Task>> _writes = new()
    {
        ["SaveChanges"] = context =>
        {
            Add(context);
            context.SaveChanges();
            return Task.CompletedTask;
        },
        ["SaveChangesAsync"] = context =>
        {
            Add(context);
            return context.SaveChangesAsync(Cancellation);
        },
        ["BeginTransaction"] = context =>
        {
            context.Database.BeginTransaction();
            return Task.CompletedTask;
        },
        ["BeginTransactionAsync"] = context => context.Database.BeginTransactionAsync(Cancellation),
        ["ExecuteDelete"] = context =>
        {
            context.Orders.ExecuteDelete();
            return Task.CompletedTask;
        },
        ["ExecuteDeleteAsync"] = context => context.Orders.ExecuteDeleteAsync(Cancellation),
        ["ExecuteSqlRawAsync"] = context => context.Database.ExecuteSqlRawAsync("DELETE FROM \"Orders\"", Cancellation),
    };

    private readonly HandlerSteps _steps = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SaveChanges")]
    [InlineData("SaveChangesAsync")]
    [InlineData("BeginTransaction")]
    [InlineData("BeginTransactionAsync")]
    [InlineData("ExecuteDelete")]
    [InlineData("ExecuteDeleteAsync")]
    [InlineData("ExecuteSqlRawAsync")]
    public async Task Write_ShouldBeRefused_WhenTheContextIsNoParameterOfTheHandler(string write)
    {
        _steps.Use = _writes[write];
        await using var shop = await OpenAsync(typeof(OutsideHandlers));
        await shop.InContextAsync(context =>
        {
            Add(context, number: 2);
            return context.SaveChangesAsync(Cancellation);
        });

        var error = await RefusalAsync(shop);

        Assert.Contains("parameter of the handler", error, StringComparison.Ordinal);
        await shop.HasAsync(stored: [2], published: []);
    }

    [Fact]
    public async Task Write_ShouldBeAllowed_WhenTheContextIsOnAnotherDatabaseOrItsOptionsSayNothingOfCarillon()
    {
        await using var shop = await OpenAsync(typeof(OutsideHandlers));
        _steps.Use = async _ =>
        {
            var another = new DbContextOptionsBuilder<ShopContext>();
            shop.Database.UseAnother(another);
            await using var context = new ShopContext(another.UseCarillon(shop.Services).Options);
            await context.Database.EnsureCreatedAsync(Cancellation);
            Add(context);
            await context.SaveChangesAsync(Cancellation);
            await shop.Bus.PublishAsync(new OrderPlaced("a", await context.Orders.CountAsync(Cancellation)), Cancellation);
        };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);
        await shop.HasPublishedAsync(count: 1);

        await shop.HasAsync(stored: [], published: [1]);
    }

    [Fact]
    public async Task Read_ShouldBeAllowed_WhenTheContextIsNoParameterOfTheHandler()
    {
        await using var shop = await OpenAsync(typeof(OutsideHandlers));
        _steps.Use = async context => await shop.Bus.PublishAsync(new OrderPlaced("a", await context.Orders.CountAsync(Cancellation)), Cancellation);

        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);
        await shop.HasPublishedAsync(count: 1);

        await shop.HasAsync(stored: [], published: [0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_ShouldBeRefused_WhenTheTransactionIsTheHandlers(bool isAsync)
    {
        await using var shop = await OpenAsync(typeof(InsideHandlers));
        _steps.Use = async context =>
        {
            Add(context);
            await context.SaveChangesAsync(Cancellation);
            if (isAsync)
                await context.Database.CommitTransactionAsync(Cancellation);
            else
                context.Database.CommitTransaction();
        };

        Assert.Contains("commit", await RefusalAsync(shop), StringComparison.Ordinal);
        await shop.HasAsync(stored: [], published: []);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateSavepoint_ShouldBeRefused_WhenTheTransactionIsTheHandlers(bool isAsync)
    {
        await using var shop = await OpenAsync(typeof(InsideHandlers));
        _steps.Use = async context =>
        {
            Add(context);
            await context.SaveChangesAsync(Cancellation);
            var transaction = context.Database.CurrentTransaction!;
            if (isAsync)
                await transaction.CreateSavepointAsync("one", Cancellation);
            else
                transaction.CreateSavepoint("one");
            context.Publish(new OrderPlaced("a", 8));
            await transaction.RollbackToSavepointAsync("one", Cancellation);
        };

        Assert.Contains("savepoint", await RefusalAsync(shop), StringComparison.Ordinal);
        await shop.HasAsync(stored: [], published: []);
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldBeRefused_WhenTheUnitOfWorkIsOnAnotherContext()
    {
        await using var shop = await OpenAsync(typeof(InsideHandlers));

        await shop.InContextAsync(first => shop.InContextAsync(async second =>
        {
            Add(second);
            await using (var work = await shop.Bus.BeginAsync(first, Cancellation))
            {
                Assert.Equal(ErrorCodes.InvalidUnitOfWork, (await Assert.ThrowsAsync<CarillonException>(() => second.SaveChangesAsync(Cancellation))).Code);
                await work.CommitAsync(Cancellation);
                await second.SaveChangesAsync(Cancellation);
            }
        }));

        await shop.HasAsync(stored: [1], published: []);
    }

    private static void Add(ShopContext context, int number = 1) => context.Orders.Add(new Order { Customer = "a", Number = number });

    private static async Task<string> RefusalAsync(Shop shop)
    {
        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);
        var letters = shop.Services.GetRequiredService<IDeadLetters>();
        IReadOnlyList<DeadLetter> found = [];
        await Eventually.IsTrueAsync(async () => (found = await letters.ListAsync(new DeadLetterQuery(), Cancellation)).Count > 0);
        Assert.Contains(ErrorCodes.InvalidUnitOfWork, found[0].Attempts[^1].Message, StringComparison.Ordinal);
        return found[0].Attempts[^1].Message;
    }

    private async Task<Shop> OpenAsync(Type handlers)
    {
        var database = new TDatabase();
        return await Shop.OpenAsync(
            database,
            services =>
            {
                services.AddSingleton(_steps);
                services.AddShop(database.Use);
            },
            carillon => carillon
                .AddHandlers(handlers)
                .Subscription(subscription => subscription.Retry(retries => retries.DelayedAttempts = 0)));
    }
}
