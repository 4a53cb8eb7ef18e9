using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Connections of contexts to Carillon's file leave checkpoints to Carillon, because SQLite may lose commits otherwise.</summary>
public sealed class SqliteConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 0L)]
    [InlineData(false, 1000L)]
    public async Task OpenConnectionAsync_ShouldStopAutomaticCheckpoints_WhenTheFileIsCarillons(bool isOwn, long expected)
    {
        var database = new SqliteShopDatabase();
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(options =>
        {
            if (isOwn)
                database.Use(options);
            else
                database.UseAnother(options);
        }));

        await shop.InContextAsync(async context =>
        {
            await context.Database.OpenConnectionAsync(Cancellation);
            Assert.Equal(expected, Pragma(context.Database.GetDbConnection(), "wal_autocheckpoint"));
            Assert.Equal(2L, Pragma(context.Database.GetDbConnection(), "synchronous"));
        });
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldStopAutomaticCheckpoints_WhenTheConnectionIsTheUsersOwn()
    {
        var database = new SqliteShopDatabase();
        await using var connection = await database.OpenAsync();
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(options => database.Use(options, connection)));
        Assert.Equal(1000L, Pragma(connection, "wal_autocheckpoint"));

        await shop.InContextAsync(async context =>
        {
            context.Publish(new OrderPlaced("a", 1));
            await context.SaveChangesAsync(Cancellation);
        });

        Assert.Equal(0L, Pragma(connection, "wal_autocheckpoint"));
        await shop.HasAsync(stored: [], published: [1]);
    }

    private static object? Pragma(DbConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return command.ExecuteScalar();
    }
}
