using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Contexts outside of the unit of work on PostgreSQL.</summary>
public sealed class PostgreSqlOutsideContextTests : OutsideContextTests<PostgreSqlShopDatabase>
{
    /// <summary>The way for what is meant to stay outside. Where a database has one writer, it would wait for the unit of work.</summary>
    [Fact]
    public async Task Write_ShouldStayOutside_WhenTheContextIsMadeByHand()
    {
        var (database, steps) = (new PostgreSqlShopDatabase(), new HandlerSteps());
        await using var shop = await Shop.OpenAsync(
            database,
            services =>
            {
                services.AddSingleton(steps);
                services.AddShop(database.Use);
            },
            carillon => carillon.AddHandlers(typeof(InsideHandlers)).Subscription(subscription => subscription.Retry(retries => retries.DelayedAttempts = 0)));
        steps.Use = async _ =>
        {
            var options = new DbContextOptionsBuilder<ShopContext>();
            database.Use(options);
            await using var made = new ShopContext(options.Options);
            made.Orders.Add(new Order { Customer = "a", Number = await made.Orders.CountAsync(TestContext.Current.CancellationToken) + 1 });
            await made.SaveChangesAsync(TestContext.Current.CancellationToken);
            throw new TransientException();
        };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), TestContext.Current.CancellationToken);
        var letters = shop.Services.GetRequiredService<IDeadLetters>();
        IReadOnlyList<DeadLetter> found = [];
        await Eventually.IsTrueAsync(async () => (found = await letters.ListAsync(new DeadLetterQuery(), TestContext.Current.CancellationToken)).Count > 0);

        await shop.HasAsync(stored: [.. Enumerable.Range(1, found[0].Attempts.Count)], published: []);
    }
}
