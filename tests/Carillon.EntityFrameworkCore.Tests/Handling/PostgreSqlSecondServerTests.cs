using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>A database of the same name on another server is another database: it has no part in a unit of work, and its contexts go their own way.</summary>
[Trait("Guarantee", "G2")]
public sealed class PostgreSqlSecondServerTests(SecondServer second) : IClassFixture<SecondServer>
{
    private readonly HandlerSteps _steps = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_ShouldGoItsOwnWay_WhenTheContextIsOnAnotherServer(bool usesCarillon)
    {
        var (shop, _) = await OpenAsync(typeof(OutsideHandlers), usesCarillon);
        await using var opened = shop;
        _steps.Use = async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            await context.SaveChangesAsync(Cancellation);
            await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
        };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);
        await shop.HasPublishedAsync(count: 1);

        await shop.HasAsync(stored: [1], published: [1]);
        Assert.Null(await ((PostgreSqlShopDatabase)shop.Database).Server.TextAsync("SELECT to_regclass('\"Orders\"')::text"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_ShouldBeDeadLettered_WhenItsContextIsOnAnotherServer(bool usesCarillon)
    {
        var (shop, _) = await OpenAsync(typeof(InsideHandlers), usesCarillon);
        await using var opened = shop;

        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);

        var letters = shop.Services.GetRequiredService<IDeadLetters>();
        IReadOnlyList<DeadLetter> found = [];
        await Eventually.IsTrueAsync(async () => (found = await letters.ListAsync(new DeadLetterQuery(), Cancellation)).Count > 0);
        Assert.Contains("because Port is", found[0].Attempts[^1].Message, StringComparison.Ordinal);
        Assert.Empty(_steps.Contexts);
    }

    [Fact]
    public async Task Publish_ShouldBeRefused_WhenTheTransactionIsOnAnotherServer()
    {
        var (shop, another) = await OpenAsync(typeof(InsideHandlers), usesCarillon: true);
        await using var opened = shop;

        await shop.InContextAsync(async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, (await Assert.ThrowsAsync<CarillonException>(() => context.SaveChangesAsync(Cancellation))).Code);
        });
        await using var connection = new NpgsqlConnection(another);
        await connection.OpenAsync(Cancellation);
        var refused = await Assert.ThrowsAsync<CarillonException>(() => shop.Bus.BeginAsync(connection, Cancellation).AsTask());
        Assert.Equal(ErrorCodes.InvalidUnitOfWork, refused.Code);

        await shop.HasAsync(stored: [], published: []);
    }

    private async Task<(Shop Shop, string Another)> OpenAsync(Type handlers, bool usesCarillon)
    {
        var first = new PostgreSqlShopDatabase();
        await first.CreateAsync();
        var another = await second.CreateAsync(first.Server);
        var shop = await Shop.OpenAsync(
            first,
            services =>
            {
                services.AddSingleton(_steps);
                if (usesCarillon)
                    services.AddShop(options => options.UseNpgsql(another));
                else
                    services.AddDbContext<ShopContext>(options => options.UseNpgsql(another));
            },
            carillon => carillon
                .AddHandlers(handlers)
                .Subscription(subscription => subscription.Retry(retries => retries.DelayedAttempts = 0)));
        return (shop, another);
    }
}
