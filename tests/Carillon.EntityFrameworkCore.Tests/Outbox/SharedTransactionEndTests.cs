using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Transactions of several contexts that end without a word, or after one of the contexts has left: nothing is lost, and nothing comes to light that was rolled back.</summary>
public abstract class SharedTransactionEndTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private readonly TDatabase _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task End_ShouldLeaveTheMessagesOfTheOtherContextAlone_WhenThatWorkedInTheTransactionBefore(bool isCommitted)
    {
        await InContextsAsync(async (shop, connection, first, second) =>
        {
            await using (var before = await connection.BeginTransactionAsync(Cancellation))
            {
                await first.Database.UseTransactionAsync(before, Cancellation);
                Place(first, 1);
                await first.SaveChangesAsync(Cancellation);
                Place(first, 2);
                await before.CommitAsync(Cancellation);
                await first.Database.UseTransactionAsync(null, Cancellation);
            }

            // Npgsql uses the same object again.
            await using (var after = await connection.BeginTransactionAsync(Cancellation))
            {
                await second.Database.UseTransactionAsync(after, Cancellation);
                Place(second, 3);
                await second.SaveChangesAsync(Cancellation);
                await (isCommitted ? second.Database.CommitTransactionAsync(Cancellation) : second.Database.RollbackTransactionAsync(Cancellation));
            }

            await shop.HasAsync(stored: isCommitted ? [1, 3] : [1], published: isCommitted ? [1, 3] : [1]);
            await first.SaveChangesAsync(Cancellation);
            await shop.HasAsync(stored: isCommitted ? [1, 2, 3] : [1, 2], published: isCommitted ? [1, 3, 2] : [1, 2]);
        });
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Dispose_ShouldKeepWhatWasPublishedBefore_WhenASavepointHasStoredIt(bool isAsync, bool leavesBefore)
    {
        await InContextsAsync(async (shop, _, first, second) =>
        {
            Place(first, 1);
            Place(second, 2);
            var transaction = await ShareAsync(first, second);
            await transaction.CreateSavepointAsync("one", Cancellation);
            await DisposeAsync(transaction, second, isAsync, leavesBefore);
            await first.SaveChangesAsync(Cancellation);
            await second.SaveChangesAsync(Cancellation);

            await shop.HasAsync(stored: [1, 2], published: [1, 2]);
        });
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Dispose_ShouldForgetWhatBothContextsPublished_WhenTheyShareTheTransaction(bool isAsync, bool leavesBefore)
    {
        await InContextsAsync(async (shop, _, first, second) =>
        {
            var transaction = await ShareAsync(first, second);
            first.Publish(new OrderPlaced("a", 1));
            second.Publish(new OrderPlaced("a", 2));
            await DisposeAsync(transaction, second, isAsync, leavesBefore);
            Place(first, 3);
            await first.SaveChangesAsync(Cancellation);
            await second.SaveChangesAsync(Cancellation);

            await shop.HasAsync(stored: [3], published: [3]);
        });
    }

    [Fact]
    public async Task Dispose_ShouldForgetWhatBothContextsPublished_WhenTheConnectionHasTheNextTransactionAlready()
    {
        await InContextsAsync(async (shop, _, first, second) =>
        {
            var transaction = await ShareAsync(first, second);
            first.Publish(new OrderPlaced("a", 1));
            second.Publish(new OrderPlaced("a", 2));
            await DisposeAsync(transaction, second, isAsync: true, leavesBefore: false);
            await using (var next = await ShareAsync(first, second))
            {
                Place(second, 3);
                await second.SaveChangesAsync(Cancellation);
                await next.CommitAsync(Cancellation);
            }

            await shop.HasAsync(stored: [3], published: [3]);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_ShouldLeaveWhatIsUnsaved_WhenTheOtherContextHasLeftTheTransaction(bool isAsync)
    {
        await InContextsAsync(async (shop, _, first, second) =>
        {
            var transaction = await ShareAsync(first, second);
            Place(first, 1);
            await first.SaveChangesAsync(Cancellation);
            Place(second, 2);
            await second.Database.UseTransactionAsync(null, Cancellation);
            if (isAsync)
                await transaction.CommitAsync(Cancellation);
            else
                transaction.Commit();
            await transaction.DisposeAsync();

            await shop.HasAsync(stored: [1], published: [1]);
            await second.SaveChangesAsync(Cancellation);
            await shop.HasAsync(stored: [1, 2], published: [1, 2]);
        });
    }

    private static void Place(ShopContext context, int number)
    {
        context.Orders.Add(new Order { Customer = "a", Number = number });
        context.Publish(new OrderPlaced("a", number));
    }

    private static async Task<IDbContextTransaction> ShareAsync(ShopContext first, ShopContext second)
    {
        var transaction = await first.Database.BeginTransactionAsync(Cancellation);
        await second.Database.UseTransactionAsync(transaction.GetDbTransaction(), Cancellation);
        return transaction;
    }

    private static async Task DisposeAsync(IDbContextTransaction transaction, ShopContext second, bool isAsync, bool leavesBefore)
    {
        if (leavesBefore)
            await second.Database.UseTransactionAsync(null, Cancellation);
        if (isAsync)
            await transaction.DisposeAsync();
        else
            transaction.Dispose();
        await second.Database.UseTransactionAsync(null, Cancellation);
    }

    private async Task InContextsAsync(Func<Shop, DbConnection, ShopContext, ShopContext, Task> use)
    {
        await using var connection = await _database.OpenAsync();
        await using var shop = await Shop.OpenAsync(_database, services => services.AddShop(options => _database.Use(options, connection)));
        await shop.InContextAsync(first => shop.InContextAsync(second => use(shop, connection, first, second)));
    }
}
