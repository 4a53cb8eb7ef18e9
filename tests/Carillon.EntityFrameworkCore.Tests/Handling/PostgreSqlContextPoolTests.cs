using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handlers with pooled contexts on PostgreSQL.</summary>
public sealed class PostgreSqlContextPoolTests : ContextPoolTests<PostgreSqlShopDatabase>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Handler_ShouldGiveItsContextBack_WhenTheServerEndsTheConnection(bool isFactory)
    {
        Runs.Do = async (run, context, cancellation) =>
        {
            if (run > 1)
                return;
            context.Orders.Add(new Order { Customer = "a", Number = 5 });
            await context.SaveChangesAsync(cancellation);
            var process = ((NpgsqlConnection)context.Database.GetDbConnection()).ProcessID;
            Assert.Equal("True", await Database.Server.TextAsync($"SELECT pg_terminate_backend({process}, 10000)"));
        };
        await using var shop = await OpenAsync(isFactory);

        await shop.Bus.PublishAsync(new PaymentReceived("a", 10), Cancellation);
        await Eventually.IsTrueAsync(async () => await IsStoredAsync(10));

        Assert.Single(Runs.Contexts.Distinct());
        await shop.InContextAsync(OutsideAsync);
        await shop.HasAsync(stored: [10, 30], published: [30]);
    }
}
