using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Messages of a context share the fate of its rows, however they are saved.</summary>
public abstract class ContextOutboxTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SaveChangesAsync_ShouldStoreRowAndMessageTogether_WhenThereIsNoTransaction()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            Place(context, 1);
            await context.SaveChangesAsync(Cancellation);
            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Fact]
    public async Task SaveChanges_ShouldStoreRowAndMessageTogether_WhenItIsSynchronous()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(context =>
        {
            Place(context, 1);
            context.SaveChanges();
            context.Publish(new OrderPlaced("a", 2));
            context.SaveChanges();
            using var transaction = context.Database.BeginTransaction();
            Place(context, 3);
            context.SaveChanges();
            transaction.CreateSavepoint("three");
            Place(context, 4);
            context.SaveChanges();
            transaction.RollbackToSavepoint("three");
            transaction.Commit();
            return Task.CompletedTask;
        });

        await shop.HasAsync(stored: [1, 3], published: [1, 2, 3]);
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldStoreTheMessages_WhenThereAreNoRows()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            context.Publish(new OrderPlaced("a", 1));
            context.Publish(new OrderPlaced("a", 2));
            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [], published: [1, 2]);
    }

    [Fact]
    public async Task Publish_ShouldLeaveNothing_WhenNobodySaves()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(context =>
        {
            Place(context, 1);
            return Task.CompletedTask;
        });

        await shop.HasAsync(stored: [], published: []);
    }

    [Fact]
    public async Task CommitAsync_ShouldStoreEverythingInOrder_WhenTheTransactionSavedSeveralTimes()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            Place(context, 1);
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            Place(context, 2);
            await context.SaveChangesAsync(Cancellation);
            Place(context, 3);
            await context.SaveChangesAsync(Cancellation);
            context.Publish(new OrderPlaced("a", 4));
            await transaction.CommitAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1, 2, 3], published: [1, 2, 3, 4]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RollbackAsync_ShouldForgetTheMessages_WhenTheirRowsWereSavedInTheTransaction(bool isCalled)
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            Place(context, 1);
            await using (var transaction = await context.Database.BeginTransactionAsync(Cancellation))
            {
                Place(context, 2);
                await context.SaveChangesAsync(Cancellation);
                if (isCalled)
                    await transaction.RollbackAsync(Cancellation);
            }

            Place(context, 3);
            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [3], published: [3]);
    }

    [Fact]
    public async Task RollbackAsync_ShouldKeepTheMessagesOfBefore_WhenTheirRowsAreStillToBeSaved()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            Place(context, 1);
            await using (var transaction = await context.Database.BeginTransactionAsync(Cancellation))
            {
                context.Publish(new OrderPlaced("a", 2));
                await transaction.RollbackAsync(Cancellation);
            }

            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldStoreTheMessagesOnce_WhenItFailsAndThenSucceeds()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            Place(context, 1);
            await context.SaveChangesAsync(Cancellation);
            var order = Place(context, 2);
            order.Number = 1;
            await Assert.ThrowsAsync<DbUpdateException>(() => context.SaveChangesAsync(Cancellation));
            order.Number = 2;
            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1, 2], published: [1, 2]);
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldStoreTheMessagesOnce_WhenItFailsInATransactionAndThenSucceeds()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            Place(context, 1);
            await context.SaveChangesAsync(Cancellation);
            var order = Place(context, 2);
            order.Number = 1;
            await Assert.ThrowsAsync<DbUpdateException>(() => context.SaveChangesAsync(Cancellation));
            order.Number = 2;
            await context.SaveChangesAsync(Cancellation);
            await transaction.CommitAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1, 2], published: [1, 2]);
    }

    [Fact]
    public async Task RollbackToSavepointAsync_ShouldForgetWhatWasPublishedAfterIt_WhenThereAreSeveral()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            foreach (var number in (int[])[1, 2, 3])
            {
                Place(context, number);
                await context.SaveChangesAsync(Cancellation);
                await transaction.CreateSavepointAsync($"after_{number}", Cancellation);
            }

            context.Publish(new OrderPlaced("a", 4));
            await transaction.RollbackToSavepointAsync("after_1", Cancellation);
            Place(context, 5);
            await context.SaveChangesAsync(Cancellation);
            await transaction.CommitAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1, 5], published: [1, 5]);
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldStoreWhatInterceptorsPublish_WhenItIsRunning()
    {
        var database = new TDatabase();
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(options =>
        {
            database.Use(options);
            options.AddInterceptors(new PublishingInterceptor());
        }));

        await shop.InContextAsync(async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Fact]
    public async Task CommitTransaction_ShouldStoreTheMessagesOfBothContexts_WhenTheyShareATransaction()
    {
        var database = new TDatabase();
        await using var connection = await database.OpenAsync();
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(options => database.Use(options, connection)));

        await shop.InContextAsync(first => shop.InContextAsync(async second =>
        {
            await using var transaction = await first.Database.BeginTransactionAsync(Cancellation);
            await second.Database.UseTransactionAsync(transaction.GetDbTransaction(), Cancellation);
            Place(first, 1);
            await first.SaveChangesAsync(Cancellation);
            Place(second, 2);
            await second.SaveChangesAsync(Cancellation);
            await transaction.CommitAsync(Cancellation);
            await second.Database.UseTransactionAsync(null, Cancellation);
            Place(second, 3);
            await second.SaveChangesAsync(Cancellation);
        }));

        await shop.HasAsync(stored: [1, 2, 3], published: [1, 2, 3]);
    }

    [Theory]
    [InlineData(true, new[] { 1 })]
    [InlineData(false, new int[0])]
    public async Task SaveChangesAsync_ShouldLeaveTheEndToOthers_WhenTheTransactionIsTheirs(bool isCommitted, int[] expected)
    {
        var database = new TDatabase();
        await using var connection = await database.OpenAsync();
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(options => database.Use(options, connection)));

        await shop.InContextAsync(async context =>
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await context.Database.UseTransactionAsync(transaction, Cancellation);
            Place(context, 1);
            await context.SaveChangesAsync(Cancellation);
            if (isCommitted)
                await transaction.CommitAsync(Cancellation);
            else
                await transaction.RollbackAsync(Cancellation);
            await context.Database.UseTransactionAsync(null, Cancellation);
            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(expected, expected);
    }

    /// <summary>Adds an order and publishes it.</summary>
    private static Order Place(ShopContext context, int number)
    {
        var order = new Order { Customer = "a", Number = number };
        context.Orders.Add(order);
        context.Publish(new OrderPlaced("a", number));
        return order;
    }
}
