using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Execution strategies try again: no message is lost and none is doubled.</summary>
public abstract class RetriedCommitTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private readonly LostConnection _connection = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SaveChangesAsync_ShouldStoreEachMessageOnce_WhenItsCommitIsTriedAgain(bool hasRow)
    {
        await using var shop = await OpenAsync();

        await shop.InContextAsync(async context =>
        {
            _connection.Fail(times: 2);
            context.Publish(new OrderPlaced("a", 1));
            if (hasRow)
                context.Orders.Add(new Order { Customer = "a", Number = 1 });
            await context.SaveChangesAsync(Cancellation);
        });

        Assert.Equal(3, _connection.Commits);
        await shop.HasAsync(stored: hasRow ? [1] : [], published: [1]);
    }

    [Fact]
    public async Task CommitAsync_ShouldStoreEachMessageOnce_WhenTheWholeTransactionIsRunAgain()
    {
        await using var shop = await OpenAsync();

        await shop.InContextAsync(async context =>
        {
            _connection.Fail(times: 2);
            context.Publish(new OrderPlaced("a", 1));
            await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                context.ChangeTracker.Clear();
                await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
                context.Orders.Add(new Order { Customer = "a", Number = 2 });
                context.Publish(new OrderPlaced("a", 2));
                await transaction.CreateSavepointAsync("two", Cancellation);
                context.Publish(new OrderPlaced("a", 3));
                await context.SaveChangesAsync(acceptAllChangesOnSuccess: false, Cancellation);
                await transaction.CommitAsync(Cancellation);
            });
        });

        await shop.HasAsync(stored: [2], published: [1, 2, 3]);
    }

    [Fact]
    public async Task ExecuteInTransactionAsync_ShouldStoreEachMessageOnce_WhenChangesAreAcceptedAfterwards()
    {
        await using var shop = await OpenAsync();

        await shop.InContextAsync(async context =>
        {
            _connection.Fail(times: 2);
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            await context.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
                () => context.SaveChangesAsync(acceptAllChangesOnSuccess: false, Cancellation),
                () => context.Orders.AnyAsync(order => order.Number == 1, Cancellation));
            context.ChangeTracker.AcceptAllChanges();
            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1], published: [1]);
    }

    /// <summary>A commit that is cancelled half-way may have happened: it is not cancelled once it has begun.</summary>
    [Fact]
    public async Task CommitAsync_ShouldCommit_WhenItIsCancelledWhileItCommits()
    {
        await using var shop = await OpenAsync();
        using var cancelling = new CancellationTokenSource();
        _connection.Committing = cancelling.Cancel;

        await shop.InContextAsync(context => context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var work = await shop.Bus.BeginAsync(context, Cancellation);
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
            await work.CommitAsync(cancelling.Token);
        }));

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Fact]
    public async Task BeginAsync_ShouldStoreEachMessageOnce_WhenTheUnitOfWorkIsRunAgain()
    {
        await using var shop = await OpenAsync();

        await shop.InContextAsync(async context =>
        {
            _connection.Fail(times: 2);
            await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                context.ChangeTracker.Clear();
                await using var work = await shop.Bus.BeginAsync(context, Cancellation);
                context.Orders.Add(new Order { Customer = "a", Number = 1 });
                await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
                await work.CommitAsync(Cancellation);
            });
        });

        await shop.HasAsync(stored: [1], published: [1]);
    }

    private async Task<Shop> OpenAsync()
    {
        var database = new TDatabase();
        return await Shop.OpenAsync(database, services => services.AddShop(options =>
        {
            database.UseRetrying(options, dependencies => new RetryingStrategy(dependencies));
            options.AddInterceptors(_connection);
        }));
    }
}
