using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Saves that end before they have begun leave a context as it was: whatever comes next treats messages as it would have without them.</summary>
public abstract class StoppedSaveTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private readonly StoppingInterceptor _interceptor = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RollbackToSavepoint_ShouldForgetWhatWasPublishedAfterIt_WhenASaveBeforeItWasStopped(bool isAsync)
    {
        await using var shop = await OpenAsync();

        await shop.InContextAsync(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            Place(context, 1);
            _interceptor.Throws = true;
            await Assert.ThrowsAsync<TransientException>(() => SaveAsync(context, isAsync));
            _interceptor.Throws = false;
            await SetSavepointAsync(transaction, isAsync);
            context.Publish(new OrderPlaced("a", 2));
            await GoBackAsync(transaction, isAsync);
            await SaveAsync(context, isAsync);
            await transaction.CommitAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SaveChanges_ShouldStoreRowAndMessageTogether_WhenTheSaveBeforeItWasStopped(bool isAsync)
    {
        await using var shop = await OpenAsync();

        await shop.InContextAsync(async context =>
        {
            Place(context, 1);
            _interceptor.Throws = true;
            await Assert.ThrowsAsync<TransientException>(() => SaveAsync(context, isAsync));
            Assert.Equal(AutoTransactionBehavior.WhenNeeded, context.Database.AutoTransactionBehavior);
            _interceptor.Throws = false;
            await SaveAsync(context, isAsync);
        });

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SaveChanges_ShouldLetTheMessagesWaitLikeTheRows_WhenItIsSuppressed(bool isAsync)
    {
        await using var shop = await OpenAsync();

        await shop.InContextAsync(async context =>
        {
            Place(context, 1);
            _interceptor.Suppresses = true;
            await SaveAsync(context, isAsync);
            _interceptor.Suppresses = false;
            await SaveAsync(context, isAsync);
        });
        await shop.InContextAsync(async context =>
        {
            Place(context, 2);
            _interceptor.Suppresses = true;
            await SaveAsync(context, isAsync);
        });

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldLetTheMessagesWaitLikeTheRows_WhenItIsSuppressedInATransactionOfSomebodyElse()
    {
        var database = new TDatabase();
        await using var connection = await database.OpenAsync();
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(options =>
        {
            database.Use(options, connection);
            options.AddInterceptors(_interceptor);
        }));

        await shop.InContextAsync(async context =>
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await context.Database.UseTransactionAsync(transaction, Cancellation);
            Place(context, 1);
            _interceptor.Suppresses = true;
            await context.SaveChangesAsync(Cancellation);
            await transaction.CommitAsync(Cancellation);
        });

        await shop.HasAsync(stored: [], published: []);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RollbackToSavepoint_ShouldForgetWhatWasPublishedAfterIt_WhenASaveBeforeItWasRefused(bool isAsync)
    {
        await using var shop = await OpenAsync();

        await shop.InContextAsync(async context =>
        {
            Place(context, 1);
            using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
                Assert.Equal(ErrorCodes.InvalidUnitOfWork, (await Assert.ThrowsAsync<CarillonException>(() => SaveAsync(context, isAsync))).Code);
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            await SetSavepointAsync(transaction, isAsync);
            context.Publish(new OrderPlaced("a", 2));
            await GoBackAsync(transaction, isAsync);
            await SaveAsync(context, isAsync);
            await transaction.CommitAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Fact]
    public async Task Publish_ShouldRefuse_WhenARowIsBeingWrittenWithoutATransaction()
    {
        var database = new TDatabase();
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(options =>
        {
            database.Use(options);
            options.AddInterceptors(new LatePublisher());
        }));

        await shop.InContextAsync(async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            var error = await Assert.ThrowsAsync<DbUpdateException>(() => context.SaveChangesAsync(Cancellation));
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, (error.InnerException as CarillonException)?.Code);
        });

        await shop.HasAsync(stored: [], published: []);
    }

    private static void Place(ShopContext context, int number)
    {
        context.Orders.Add(new Order { Customer = "a", Number = number });
        context.Publish(new OrderPlaced("a", number));
    }

    private static async Task SaveAsync(ShopContext context, bool isAsync) =>
        _ = isAsync ? await context.SaveChangesAsync(Cancellation) : context.SaveChanges();

    private static async Task SetSavepointAsync(IDbContextTransaction transaction, bool isAsync)
    {
        if (isAsync)
            await transaction.CreateSavepointAsync("one", Cancellation);
        else
            transaction.CreateSavepoint("one");
    }

    private static async Task GoBackAsync(IDbContextTransaction transaction, bool isAsync)
    {
        if (isAsync)
            await transaction.RollbackToSavepointAsync("one", Cancellation);
        else
            transaction.RollbackToSavepoint("one");
    }

    private async Task<Shop> OpenAsync()
    {
        var database = new TDatabase();
        return await Shop.OpenAsync(database, services => services.AddShop(options =>
        {
            database.Use(options);
            options.AddInterceptors(_interceptor);
        }));
    }
}
