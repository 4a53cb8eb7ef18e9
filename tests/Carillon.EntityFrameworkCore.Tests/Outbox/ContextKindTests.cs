using System.Data.Common;
using Carillon.EntityFrameworkCore.Tests.Handling;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>A row and its message share their fate, whatever kind of context they are in: the message is refused, or the row is.</summary>
public abstract class ContextKindTests<TDatabase> : IAsyncDisposable
    where TDatabase : ShopDatabase, new()
{
    private const int Existing = 0;

    private readonly TDatabase _database = new();
    private DbConnection? _connection;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ContextKinds.Cases), MemberType = typeof(ContextKinds))]
    public async Task SaveChanges_ShouldStoreRowAndMessageOnce_WhenTheMessageWasRefusedBefore(string kind, bool isAsync)
    {
        await using var shop = await OpenAsync(kind);

        await InContextAsync(shop, async parcels =>
        {
            parcels.Place(1);
            await ExecuteAsync("INSERT INTO refusals (number) VALUES (1)");
            await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(parcels, isAsync));
            Assert.Equal(Existing, Assert.Single(await NumbersAsync(shop)));
            await ExecuteAsync("DELETE FROM refusals");
            await SaveAsync(parcels, isAsync);
        });

        await HasAsync(shop, stored: [Existing, 1], published: [1]);
    }

    [Theory]
    [MemberData(nameof(ContextKinds.Cases), MemberType = typeof(ContextKinds))]
    public async Task SaveChanges_ShouldStoreNoMessage_WhenTheRowFails(string kind, bool isAsync)
    {
        await using var shop = await OpenAsync(kind);

        await InContextAsync(shop, async parcels =>
        {
            parcels.Place(1);
            parcels.Place(Existing);
            await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(parcels, isAsync));
        });
        await InContextAsync(shop, parcels => SaveAsync(parcels, isAsync));

        await HasAsync(shop, stored: [Existing], published: []);
    }

    [Theory]
    [MemberData(nameof(ContextKinds.Cases), MemberType = typeof(ContextKinds))]
    public async Task SaveChanges_ShouldStoreTheMessageOnce_WhenItIsTriedAgainAfterAConcurrentChange(string kind, bool isAsync)
    {
        await using var shop = await OpenAsync(kind);

        await InContextAsync(shop, async parcels =>
        {
            var parcel = await parcels.Parcels.SingleAsync(Cancellation);
            (parcel.Version, parcel.Address.City) = (1, "Graz");
            parcel.Labels[0].Text = "heavy";
            parcels.Publish(new OrderPlaced("a", 1));
            await InContextAsync(shop, others => others.Parcels.ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, 7), Cancellation));
            await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => SaveAsync(parcels, isAsync));
            parcels.Entry(parcel).Property(row => row.Version).OriginalValue = 7;
            await SaveAsync(parcels, isAsync);
        });

        await HasAsync(shop, stored: [Existing], published: [1]);
        await InContextAsync(shop, async parcels =>
        {
            var parcel = await parcels.Parcels.AsNoTracking().SingleAsync(Cancellation);
            Assert.Equal(("Graz", "heavy", 1), (parcel.Address.City, parcel.Labels[0].Text, parcel.Version));
        });
    }

    [Theory]
    [MemberData(nameof(ContextKinds.Cases), MemberType = typeof(ContextKinds))]
    public async Task Commit_ShouldShareTheFateOfAStatement_WhenTheMessageIsRefusedOrTheStatementFails(string kind, bool isAsync)
    {
        await using var shop = await OpenAsync(kind);

        await InContextAsync(shop, async parcels =>
        {
            await using (await parcels.Database.BeginTransactionAsync(Cancellation))
            {
                Assert.Equal(1, await parcels.Parcels.ExecuteUpdateAsync(set => set.SetProperty(row => row.Number, 5), Cancellation));
                parcels.Publish(new OrderPlaced("a", 5));
                await parcels.Database.ExecuteSqlAsync($"INSERT INTO refusals (number) VALUES (1)", Cancellation);
                await Assert.ThrowsAsync<DbUpdateException>(() => CommitAsync(parcels, isAsync));
            }

            await using (await parcels.Database.BeginTransactionAsync(Cancellation))
            {
                parcels.Publish(new OrderPlaced("a", 6));
                await Assert.ThrowsAnyAsync<DbException>(() => parcels.Database.ExecuteSqlRawAsync(_database.Failing, Cancellation));
            }

            await using (await parcels.Database.BeginTransactionAsync(Cancellation))
            {
                Assert.Equal(1, await parcels.Parcels.ExecuteDeleteAsync(Cancellation));
                parcels.Publish(new OrderPlaced("a", 7));
                await CommitAsync(parcels, isAsync);
            }
        });

        await HasAsync(shop, stored: [], published: [7]);
    }

    [Theory]
    [MemberData(nameof(ContextKinds.Cases), MemberType = typeof(ContextKinds))]
    public async Task Handler_ShouldStoreRowAndMessageTogether_WhenItTakesTheContext(string kind, bool isTwice)
    {
        await using var shop = await OpenAsync(kind);
        var options = new PublishOptions { Id = EventId.Parse("payment") };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), options, Cancellation);
        if (isTwice)
            await shop.Bus.PublishAsync(new PaymentReceived("a", 1), options, Cancellation);
        await shop.Bus.PublishAsync(new PaymentReceived("a", 2), Cancellation);
        await shop.HasPublishedAsync(count: 2);

        await HasAsync(shop, stored: [Existing, 1, 2], published: [1, 2]);
    }

    [Fact]
    public async Task Model_ShouldBeTheCompiledOne_WhenTheKindSaysSo()
    {
        await using var shop = await OpenAsync("compiled model");

        await InContextAsync(shop, parcels =>
        {
            Assert.Equal("Compiled.ParcelContextModel", parcels.Model.GetType().FullName);
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static async Task SaveAsync(ParcelContext parcels, bool isAsync) =>
        _ = isAsync ? await parcels.SaveChangesAsync(Cancellation) : parcels.SaveChanges();

    private static async Task CommitAsync(ParcelContext parcels, bool isAsync)
    {
        if (isAsync)
            await parcels.Database.CommitTransactionAsync(Cancellation);
        else
            parcels.Database.CommitTransaction();
    }

    private static async Task InContextAsync(Shop shop, Func<ParcelContext, Task> use)
    {
        await using var scope = shop.Services.CreateAsyncScope();
        await use(scope.ServiceProvider.GetRequiredService<ParcelContext>());
    }

    private static async Task<int[]> NumbersAsync(Shop shop)
    {
        int[] numbers = [];
        await InContextAsync(shop, async parcels => numbers = await parcels.Parcels.AsNoTracking().OrderBy(row => row.Number).Select(row => row.Number).ToArrayAsync(Cancellation));
        return numbers;
    }

    private static async Task HasAsync(Shop shop, int[] stored, int[] published)
    {
        await shop.HasAsync(stored: [], published);
        Assert.Equal(stored, await NumbersAsync(shop));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _connection!.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<Shop> OpenAsync(string kind)
    {
        var shop = await Shop.OpenAsync(
            _database,
            services =>
            {
                services.AddShop(_database.Use);
                services.AddParcels(kind, _database);
            },
            carillon => carillon.AddHandlers(typeof(ParcelHandlers)));
        _connection = await _database.OpenAsync();
        await ExecuteAsync($"CREATE TABLE refusals (number integer NOT NULL); {_database.Refusing}");
        await InContextAsync(shop, async parcels =>
        {
            if (ContextKinds.IsMigrated(kind))
                await parcels.Database.MigrateAsync(Cancellation);
            else
                await parcels.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(Cancellation);
            parcels.Add(Existing);
            await parcels.SaveChangesAsync(Cancellation);
        });
        return shop;
    }
}
