using System.Collections.Concurrent;
using System.Data.Common;
using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.EntityFrameworkCore.Tests.Publishing;

/// <summary>Units of work on a context: whichever bus publishes, it joins.</summary>
public abstract class UnitOfWorkTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommitAsync_ShouldSaveTheRowsAndStoreTheMessages_WhenTheBusAndTheContextPublish()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            await using (var work = await shop.Bus.BeginAsync(context, Cancellation))
            {
                Assert.Same(context.Database.GetDbConnection(), work.Connection);
                context.Orders.Add(new Order { Customer = "a", Number = 1 });
                await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
                context.Publish(new OrderPlaced("a", 2));
                await context.SaveChangesAsync(Cancellation);
                await shop.Bus.PublishBatchAsync([new OrderPlaced("a", 3), new OrderPlaced("a", 4)], cancellation: Cancellation);
                context.Orders.Add(new Order { Customer = "a", Number = 4 });
                await work.CommitAsync(Cancellation);
            }

            await shop.Bus.PublishAsync(new OrderPlaced("a", 5), Cancellation);
        });

        await shop.HasAsync(stored: [1, 4], published: [1, 2, 3, 4, 5]);
    }

    /// <summary>Whoever forgets one is named, until it is disposed.</summary>
    [Fact]
    public async Task CheckHealth_ShouldNameWhoBeganTheUnitOfWork_WhenItIsOpenForLong()
    {
        var database = new TDatabase();
        await using var shop = await Shop.OpenAsync(
            database,
            services =>
            {
                services.AddShop(database.Use);
                services.AddHealthChecks().AddCarillon();
            },
            static carillon => carillon.Health(static health => health.StalledAfter = TimeSpan.FromMilliseconds(100)));

        await shop.InContextAsync(async context =>
        {
            await using (await shop.Bus.BeginAsync(context, Cancellation))
                await Eventually.IsTrueAsync(async () => (await DescribeAsync(shop)).Contains($"begun by {nameof(CheckHealth_ShouldNameWhoBeganTheUnitOfWork_WhenItIsOpenForLong)}", StringComparison.Ordinal), what: "health names this test");
            await Eventually.IsTrueAsync(async () => !(await DescribeAsync(shop)).Contains("begun by", StringComparison.Ordinal), what: "health names nobody");
        });
    }

    [Fact]
    public async Task CommitAsync_ShouldRefuse_WhenAnAsyncMethodBeganTheUnitOfWork()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            await using var work = await BeginInHelperAsync(context);
            context.Orders.Add(new Order { Customer = "a", Number = 1 });

            var error = await Assert.ThrowsAsync<CarillonException>(() => work.CommitAsync(Cancellation).AsTask());

            Assert.Equal(ErrorCodes.UnitOfWorkNotJoined, error.Code);
            Assert.Equal(ErrorCodes.UnitOfWorkNotJoined, Assert.Throws<CarillonException>(() => work.Transaction).Code);
        });

        await shop.HasAsync(stored: [], published: []);

        async Task<IUnitOfWork> BeginInHelperAsync(ShopContext context)
        {
#pragma warning disable CRL0018 // The very thing.
            return await shop.Bus.BeginAsync(context, Cancellation);
#pragma warning restore CRL0018
        }
    }

    [Fact]
    public async Task CommitAsync_ShouldStoreEveryMessage_WhenManyPublishAtOnceAndGoOnWhileItCommits()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());
        var confirmed = new ConcurrentQueue<int>();

        await shop.InContextAsync(async context =>
        {
            await using var work = await shop.Bus.BeginAsync(context, Cancellation);
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            var publishing = Enumerable.Range(0, 8).Select(publisher => Task.Run(() => PublishUntilRefusedAsync(publisher))).ToArray();
            await Eventually.IsTrueAsync(() => confirmed.Count > 500);
            await work.CommitAsync(Cancellation);
            await Task.WhenAll(publishing);
        });

        await shop.HasPublishedInAnyOrderAsync(confirmed);

        async Task PublishUntilRefusedAsync(int publisher)
        {
            for (var number = publisher; number < 8_000; number += 8)
            {
                try
                {
                    await shop.Bus.PublishAsync(new OrderPlaced($"{publisher}", number), Cancellation);
                }
                catch (CarillonException error) when (error.Code == ErrorCodes.InvalidUnitOfWork)
                {
                    return;
                }

                confirmed.Enqueue(number);
            }
        }
    }

    [Fact]
    public async Task CommitAsync_ShouldSayThatNothingIsCommitted_WhenTheDatabaseRefusesTheCommit()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            await context.Database.ExecuteSqlRawAsync(
                "CREATE TABLE parents (id int PRIMARY KEY); CREATE TABLE children (id int REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)", Cancellation);
            await using var work = await shop.Bus.BeginAsync(context, Cancellation);
            await context.Database.ExecuteSqlRawAsync("INSERT INTO children VALUES (5)", Cancellation);
            await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);

            var error = await Assert.ThrowsAsync<DbUpdateException>(() => work.CommitAsync(Cancellation).AsTask());

            Assert.IsAssignableFrom<DbException>(error.InnerException);
        });

        await shop.HasAsync(stored: [], published: []);
    }

    [Fact]
    public async Task DisposeAsync_ShouldLeaveNothing_WhenItWasNotCommitted()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            await using (await shop.Bus.BeginAsync(context, Cancellation))
            {
                context.Orders.Add(new Order { Customer = "a", Number = 1 });
                await context.SaveChangesAsync(Cancellation);
                await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
            }

            context.Publish(new OrderPlaced("a", 2));
            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [], published: [2]);
    }

    [Fact]
    public async Task BeginAsync_ShouldRefuse_WhenThereIsAUnitOfWorkOrATransactionAlready()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            await using (await shop.Bus.BeginAsync(context, Cancellation))
            {
                await IsRefusedAsync(() => shop.Bus.BeginAsync(context, Cancellation));
                await IsRefusedAsync(() => shop.Bus.BeginAsync(cancellation: Cancellation));
            }

            await using (await context.Database.BeginTransactionAsync(Cancellation))
                await IsRefusedAsync(() => shop.Bus.BeginAsync(context, Cancellation));
        });
        await shop.HasAsync(stored: [], published: []);
    }

    [Fact]
    public async Task Publish_ShouldRefuse_WhenTheContextIsNotPartOfTheUnitOfWork()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            await using var work = await shop.Bus.BeginAsync(cancellation: Cancellation);
            var error = Assert.Throws<CarillonException>(() => context.Publish(new OrderPlaced("a", 1)));
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        });
    }

    [Fact]
    public async Task Publish_ShouldJoinTheUnitOfWork_WhenTheContextWorksInItsTransaction()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            await using var work = await shop.Bus.BeginAsync(cancellation: Cancellation);
            context.Database.SetDbConnection(work.Connection);
            await context.Database.UseTransactionAsync(work.Transaction, Cancellation);
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            await context.SaveChangesAsync(Cancellation);
            await work.CommitAsync(Cancellation);
        });

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Fact]
    public async Task UnitOfWork_ShouldRefuse_WhenItIsUsedAfterItsEnd()
    {
        await using var shop = await Shop.OpenAsync(new TDatabase());

        await shop.InContextAsync(async context =>
        {
            await using var work = await shop.Bus.BeginAsync(context, Cancellation);
            await work.CommitAsync(Cancellation);
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, Assert.Throws<CarillonException>(() => work.Transaction).Code);
            await Assert.ThrowsAsync<CarillonException>(() => work.CommitAsync(Cancellation).AsTask());
            await Assert.ThrowsAsync<CarillonException>(() => shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation).AsTask());
        });
        await shop.HasAsync(stored: [], published: []);
    }

    private static async Task IsRefusedAsync(Func<ValueTask<IUnitOfWork>> begin)
    {
        var error = await Assert.ThrowsAsync<CarillonException>(() => begin().AsTask());
        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
    }

    private static async Task<string> DescribeAsync(Shop shop) =>
        (await shop.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["carillon"].Description ?? "";
}
