using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Transactions of several contexts: whichever commits, it commits the messages of all, or says that nothing was committed.</summary>
public abstract class SharedTransactionTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private readonly TDatabase _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Commit_ShouldFail_WhenAnErrorOfTheDatabaseWasSwallowedAndOnlyTheOtherContextHasMessages(bool isAsync, bool isSaved)
    {
        await InSharedTransactionAsync(async (shop, first, second) =>
        {
            second.Orders.Add(new Order { Customer = "a", Number = 1 });
            second.Publish(new OrderPlaced("a", 1));
            if (isSaved)
                await second.SaveChangesAsync(Cancellation);
            await Assert.ThrowsAnyAsync<DbException>(() => first.Database.ExecuteSqlRawAsync(_database.Failing, Cancellation));

            await Assert.ThrowsAnyAsync<Exception>(() => CommitAsync(first, isAsync));
            await LeaveAsync(first, second);

            await shop.HasAsync(stored: [], published: []);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_ShouldFail_WhenAnErrorOfTheDatabaseWasSwallowed(bool isAsync)
    {
        await using var shop = await Shop.OpenAsync(_database);

        await shop.InContextAsync(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            await context.SaveChangesAsync(Cancellation);
            await Assert.ThrowsAnyAsync<DbException>(() => context.Database.ExecuteSqlRawAsync(_database.Failing, Cancellation));
            await Assert.ThrowsAnyAsync<Exception>(() => CommitAsync(context, isAsync));
        });

        await shop.HasAsync(stored: [], published: []);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_ShouldStoreTheMessagesOfTheOtherContext_WhenThatHasNotSaved(bool isAsync)
    {
        await InSharedTransactionAsync(async (shop, first, second) =>
        {
            first.Publish(new OrderPlaced("a", 1));
            second.Publish(new OrderPlaced("a", 2));
            await CommitAsync(first, isAsync);
            second.Publish(new OrderPlaced("a", 3));
            await LeaveAsync(first, second);
            await second.SaveChangesAsync(Cancellation);

            await shop.HasAsync(stored: [], published: [1, 2, 3]);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rollback_ShouldForgetTheMessagesOfBothContexts_WhenTheyShareATransaction(bool isAsync)
    {
        await InSharedTransactionAsync(async (shop, first, second) =>
        {
            first.Publish(new OrderPlaced("a", 1));
            second.Publish(new OrderPlaced("a", 2));
            if (isAsync)
                await first.Database.RollbackTransactionAsync(Cancellation);
            else
                first.Database.RollbackTransaction();
            await HasForgottenAsync(shop, first, second);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_ShouldForgetTheMessagesOfBothContexts_WhenNobodyHasCommitted(bool isAsync)
    {
        await InSharedTransactionAsync(async (shop, first, second) =>
        {
            await first.Database.ExecuteSqlAsync($"DELETE FROM \"Orders\"", Cancellation);
            first.Publish(new OrderPlaced("a", 1));
            second.Publish(new OrderPlaced("a", 2));
            if (isAsync)
                await first.Database.CurrentTransaction!.DisposeAsync();
            else
                first.Database.CurrentTransaction!.Dispose();
            await HasForgottenAsync(shop, first, second);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SaveChangesAsync_ShouldStoreTheMessageOfBefore_WhenASharedTransactionWithASavepointWasDisposed(bool isSecond)
    {
        await using var connection = await _database.OpenAsync();
        await using var shop = await Shop.OpenAsync(_database, services => services.AddShop(options => _database.Use(options, connection)));

        await shop.InContextAsync(first => shop.InContextAsync(async second =>
        {
            var context = isSecond ? second : first;
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            await using (var transaction = await first.Database.BeginTransactionAsync(Cancellation))
            {
                await second.Database.UseTransactionAsync(transaction.GetDbTransaction(), Cancellation);
                await transaction.CreateSavepointAsync("one", Cancellation);
            }

            await second.Database.UseTransactionAsync(null, Cancellation);
            await context.SaveChangesAsync(Cancellation);
        }));

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldStoreWhatWasPublishedUnsaved_WhenSomebodyElseEndedTheTransactionUnseen()
    {
        await using var connection = await _database.OpenAsync();
        await using var shop = await Shop.OpenAsync(_database, services => services.AddShop(options => _database.Use(options, connection)));

        await shop.InContextAsync(async context =>
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await context.Database.UseTransactionAsync(transaction, Cancellation);
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            await context.SaveChangesAsync(Cancellation);
            context.Orders.Add(new Order { Customer = "a", Number = 2 });
            context.Publish(new OrderPlaced("a", 2));
            await transaction.CommitAsync(Cancellation);
            await context.Database.UseTransactionAsync(null, Cancellation);
            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1, 2], published: [1, 2]);
    }

    [Fact]
    public async Task CommitAsync_ShouldDropWhatIsUnsaved_WhenTheOtherContextWasDisposed()
    {
        await InSharedTransactionAsync(async (shop, first, second) =>
        {
            second.Publish(new OrderPlaced("a", 1));
            await second.SaveChangesAsync(Cancellation);
            second.Publish(new OrderPlaced("a", 2));
            await second.DisposeAsync();
            await CommitAsync(first, isAsync: true);

            await shop.HasAsync(stored: [], published: [1]);
        });
    }

    [Fact]
    public async Task RollbackToSavepoint_ShouldForgetWhatBothContextsPublishedAfterIt_WhenTheyShareATransaction()
    {
        await InSharedTransactionAsync(async (shop, first, second) =>
        {
            second.Publish(new OrderPlaced("a", 1));
            await first.Database.CurrentTransaction!.CreateSavepointAsync("one", Cancellation);
            second.Publish(new OrderPlaced("a", 2));
            await first.Database.CurrentTransaction!.RollbackToSavepointAsync("one", Cancellation);
            await CommitAsync(first, isAsync: true);

            await shop.HasAsync(stored: [], published: [1]);
        });
    }

    [Fact]
    public async Task RollbackAsync_ShouldForgetTheMessages_WhenTheConnectionHasCommittedATransactionBefore()
    {
        await using var connection = await _database.OpenAsync();
        await using var shop = await Shop.OpenAsync(_database, services => services.AddShop(options => _database.Use(options, connection)));

        await shop.InContextAsync(async context =>
        {
            for (var number = 1; number <= 2; number++)
            {
                await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
                context.Publish(new OrderPlaced("a", number));
                if (number == 1)
                    await transaction.CommitAsync(Cancellation);
            }

            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [], published: [1]);
    }

    [Theory]
    [Trait("Guarantee", "G3")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_ShouldKeepTheOrderOfSaves_WhenOneSavedBeforeTheTransactionWasShared(bool isAsync)
    {
        await using var connection = await _database.OpenAsync();
        await using var shop = await Shop.OpenAsync(_database, services => services.AddShop(options => _database.Use(options, connection)));

        await shop.InContextAsync(first => shop.InContextAsync(async second =>
        {
            await using var transaction = await first.Database.BeginTransactionAsync(Cancellation);
            first.Orders.Add(new Order { Customer = "a", Number = 1 });
            first.Publish(new OrderPlaced("a", 1));
            await SaveAsync(first, isAsync);
            await second.Database.UseTransactionAsync(transaction.GetDbTransaction(), Cancellation);
            second.Orders.Add(new Order { Customer = "a", Number = 2 });
            second.Publish(new OrderPlaced("a", 2));
            await SaveAsync(second, isAsync);
            await CommitAsync(first, isAsync);
        }));

        await shop.HasAsync(stored: [1, 2], published: [1, 2]);
    }

    private static async Task SaveAsync(ShopContext context, bool isAsync)
    {
        if (isAsync)
            await context.SaveChangesAsync(Cancellation);
        else
            context.SaveChanges();
    }

    private static async Task CommitAsync(ShopContext context, bool isAsync)
    {
        if (isAsync)
            await context.Database.CommitTransactionAsync(Cancellation);
        else
            context.Database.CommitTransaction();
    }

    private static async Task HasForgottenAsync(Shop shop, ShopContext first, ShopContext second)
    {
        await LeaveAsync(first, second);
        await first.SaveChangesAsync(Cancellation);
        await second.SaveChangesAsync(Cancellation);

        await shop.HasAsync(stored: [], published: []);
    }

    private static async Task LeaveAsync(ShopContext first, ShopContext second)
    {
        await second.Database.UseTransactionAsync(null, Cancellation);
        if (first.Database.CurrentTransaction is { } transaction)
            await transaction.DisposeAsync();
    }

    private async Task InSharedTransactionAsync(Func<Shop, ShopContext, ShopContext, Task> use)
    {
        await using var connection = await _database.OpenAsync();
        await using var shop = await Shop.OpenAsync(_database, services => services.AddShop(options => _database.Use(options, connection)));
        await shop.InContextAsync(first => shop.InContextAsync(async second =>
        {
            var transaction = await first.Database.BeginTransactionAsync(Cancellation);
            await second.Database.UseTransactionAsync(transaction.GetDbTransaction(), Cancellation);
            await use(shop, first, second);
        }));
    }
}
