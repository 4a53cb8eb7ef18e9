using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Contexts from pools and factories, and what is refused.</summary>
public abstract class ContextRegistrationTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_ShouldLeaveNothingToTheNextUser_WhenContextsArePooled()
    {
        await using var shop = await OpenAsync((services, configure) => services.AddDbContextPool<ShopContext>(configure, poolSize: 1));
        ShopContext? first = null;

        await shop.InContextAsync(async context =>
        {
            first = context;
            context.Publish(new OrderPlaced("a", 1));
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            context.Publish(new OrderPlaced("a", 2));
            await transaction.CreateSavepointAsync("two", Cancellation);
        });
        await shop.InContextAsync(async context =>
        {
            Assert.Same(first, context);
            context.Orders.Add(new Order { Customer = "a", Number = 3 });
            context.Publish(new OrderPlaced("a", 3));
            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [3], published: [3]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SaveChangesAsync_ShouldStoreRowAndMessageTogether_WhenAFactoryMadeTheContext(bool isPooled)
    {
        await using var shop = await OpenAsync((services, configure) =>
        {
            if (isPooled)
                services.AddPooledDbContextFactory<ShopContext>(configure);
            else
                services.AddDbContextFactory<ShopContext>(configure);
            services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<ShopContext>>().CreateDbContext());
        });

        await using (var context = await shop.Services.GetRequiredService<IDbContextFactory<ShopContext>>().CreateDbContextAsync(Cancellation))
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            context.Send(new PackOrder("a", 1));
            await context.SaveChangesAsync(Cancellation);
        }

        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Fact]
    public async Task Publish_ShouldSayWhatToAdd_WhenTheOptionsDoNotUseCarillon()
    {
        await using var shop = await OpenAsync((services, _) => services.AddDbContext<ShopContext>((provider, options) =>
            provider.GetRequiredService<ShopDatabase>().Use(options)));

        await shop.InContextAsync(async context =>
        {
            var error = Assert.Throws<CarillonException>(() => context.Publish(new OrderPlaced("a", 1)));
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
            Assert.Contains(".UseCarillon(provider)", error.Message, StringComparison.Ordinal);
            error = await Assert.ThrowsAsync<CarillonException>(() => shop.Bus.BeginAsync(context, Cancellation).AsTask());
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        });
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldStoreNothing_WhenTheContextIsOnAnotherDatabase()
    {
        await using var shop = await OpenAsync((services, _) => services.AddDbContext<ShopContext>((provider, options) =>
        {
            provider.GetRequiredService<ShopDatabase>().UseAnother(options);
            options.UseCarillon(provider);
        }));

        await shop.InContextAsync(async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            var error = await Assert.ThrowsAsync<CarillonException>(() => context.SaveChangesAsync(Cancellation));
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        });

        await shop.HasAsync(stored: [], published: []);
    }

    [Fact]
    public async Task Publish_ShouldRefuse_WhenThereIsATransactionScope()
    {
        await using var shop = await OpenAsync((services, configure) => services.AddDbContext<ShopContext>(configure));

        await shop.InContextAsync(async context =>
        {
            context.Publish(new OrderPlaced("a", 1));
            using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
            {
                IsRefused(Assert.Throws<CarillonException>(() => context.Publish(new OrderPlaced("a", 2))));
                IsRefused(await Assert.ThrowsAsync<CarillonException>(() => context.SaveChangesAsync(Cancellation)));
                IsRefused(await Assert.ThrowsAsync<CarillonException>(() => shop.Bus.PublishAsync(new OrderPlaced("a", 3), Cancellation).AsTask()));
                IsRefused(await Assert.ThrowsAsync<CarillonException>(() => shop.Bus.BeginAsync(cancellation: Cancellation).AsTask()));
                IsRefused(await Assert.ThrowsAsync<CarillonException>(() => shop.Bus.BeginAsync(context, Cancellation).AsTask()));
            }

            await context.SaveChangesAsync(Cancellation);
        });

        await shop.HasAsync(stored: [], published: [1]);

        static void IsRefused(CarillonException error)
        {
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
            Assert.Contains("TransactionScope", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldStoreNothing_WhenAMessageCannotBeStored()
    {
        await using var shop = await OpenAsync((services, configure) => services.AddDbContext<ShopContext>(configure), isPacked: false);

        await shop.InContextAsync(async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            context.Send(new PackOrder("a", 1));
            var error = await Assert.ThrowsAsync<PublishFailedException>(() => context.SaveChangesAsync(Cancellation));
            Assert.Equal(ErrorCodes.NoCommandHandler, error.Code);
        });
        await shop.InContextAsync(async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 2 });
            context.Publish(new OrderPlaced("a", 2));
            context.Send(new PackOrder("a", 2));
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            await context.SaveChangesAsync(Cancellation);
            await Assert.ThrowsAsync<PublishFailedException>(() => transaction.CommitAsync(Cancellation));
            var error = await Assert.ThrowsAsync<CarillonException>(() => transaction.CommitAsync(Cancellation));
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        });

        await shop.HasAsync(stored: [], published: []);
    }

    private static Task<Shop> OpenAsync(Action<IServiceCollection, Action<IServiceProvider, DbContextOptionsBuilder>> add, bool isPacked = true)
    {
        var database = new TDatabase();
        return Shop.OpenAsync(
            database,
            services =>
            {
                services.AddSingleton<ShopDatabase>(database);
                add(services, (provider, options) =>
                {
                    database.Use(options);
                    options.UseCarillon(provider);
                });
            },
            carillon =>
            {
                if (isPacked)
                    carillon.On<PackOrder>(_ => { });
            });
    }
}
