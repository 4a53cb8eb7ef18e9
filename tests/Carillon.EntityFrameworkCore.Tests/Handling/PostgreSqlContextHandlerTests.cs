using Carillon.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handlers with contexts on PostgreSQL.</summary>
public sealed class PostgreSqlContextHandlerTests : ContextHandlerTests<PostgreSqlShopDatabase>
{
    [Fact]
    [Trait("Guarantee", "G2")]
    public async Task Handler_ShouldRunAgain_WhenItSwallowedAnErrorThatMadeItsCommitImpossible()
    {
        var (database, steps) = (new PostgreSqlShopDatabase(), new HandlerSteps { Failures = 1 });
        await using var shop = await Shop.OpenAsync(
            database,
            services =>
            {
                services.AddSingleton(steps);
                services.AddShop(database.Use);
            },
            carillon => carillon.AddHandlers(typeof(CarelessHandlers)));

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(async () => await database.Server.NumberAsync("SELECT count(*) FROM \"Orders\"") > 0);
        await shop.HasAsync(stored: [10], published: []);
        Assert.Equal(2, steps.Contexts.Count);
    }
}
