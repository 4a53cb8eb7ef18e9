namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Synchronous saves need no thread but their own, however many wait at once.</summary>
public abstract class SynchronousSaveTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private const int Callers = 64;

    private readonly TDatabase _database = new();

    [Fact]
    public async Task SaveChanges_ShouldSaveRowsAndMessagesOfAll_WhenManyThreadsOfThePoolCallIt()
    {
        await using var shop = await Shop.OpenAsync(_database);
        int[] numbers = [.. Enumerable.Range(0, Callers)];

        await Task.WhenAll(numbers.Select(number => Task.Run(() => shop.InContextAsync(context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = number });
            context.Publish(new OrderPlaced($"{number}", number));
            context.SaveChanges();
            return Task.CompletedTask;
        }), TestContext.Current.CancellationToken)));

        await shop.HasAsync(stored: numbers, published: numbers, isInAnyOrder: true);
    }
}
