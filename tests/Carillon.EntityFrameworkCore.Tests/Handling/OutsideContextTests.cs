using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>What a handler writes to the store's database belongs to its unit of work, or is refused: nothing is done twice without a word.</summary>
[Trait("Guarantee", "G2")]
public abstract class OutsideContextTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private readonly HandlerSteps _steps = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(OutsideWrites.Cases), MemberType = typeof(OutsideWrites))]
    public async Task Write_ShouldBeRefused_WhenTheContextIsNoParameterOfTheHandler(string contexts, string write)
    {
        _steps.Use = OutsideWrites.Get(write);
        await using var shop = await OpenAsync(typeof(OutsideHandlers), contexts);
        await shop.InContextAsync(context =>
        {
            OutsideWrites.Add(context, number: 2);
            return context.SaveChangesAsync(Cancellation);
        });

        var error = await RefusalAsync(shop);

        Assert.Contains("parameter of the handler", error, StringComparison.Ordinal);
        await shop.HasAsync(stored: [2], published: []);
    }

    [Theory]
    [InlineData("UseCarillon")]
    [InlineData("plain")]
    public async Task Write_ShouldBeRefused_WhenItIsTheSubscriptionThatHandlesExactlyOnce(string contexts)
    {
        _steps.Use = OutsideWrites.Get("SaveChangesAsync");
        await using var shop = await OpenAsync(typeof(RepeatableHandlers), contexts, DeliveryGuarantee.ExactlyOnce);

        Assert.Contains("parameter of the handler", await RefusalAsync(shop), StringComparison.Ordinal);
        await shop.HasAsync(stored: [], published: []);
    }

    [Fact]
    public async Task Write_ShouldBeAllowed_WhenTheContextIsOnAnotherDatabase()
    {
        await using var shop = await OpenAsync(typeof(OutsideHandlers));
        _steps.Use = async _ =>
        {
            var another = new DbContextOptionsBuilder<ShopContext>();
            shop.Database.UseAnother(another);
            await using var context = new ShopContext(another.UseCarillon(shop.Services).Options);
            await context.Database.EnsureCreatedAsync(Cancellation);
            OutsideWrites.Add(context);
            await context.SaveChangesAsync(Cancellation);
            await shop.Bus.PublishAsync(new OrderPlaced("a", await context.Orders.CountAsync(Cancellation)), Cancellation);
        };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);
        await shop.HasPublishedAsync(count: 1);

        await shop.HasAsync(stored: [], published: [1]);
    }

    [Theory]
    [InlineData("UseCarillon")]
    [InlineData("plain")]
    public async Task Read_ShouldBeAllowed_WhenTheContextIsNoParameterOfTheHandler(string contexts)
    {
        await using var shop = await OpenAsync(typeof(OutsideHandlers), contexts);
        _steps.Use = async context =>
        {
            Assert.Empty(await context.Orders.FromSqlRaw("SELECT * FROM \"Orders\" WHERE \"Customer\" <> '; DELETE FROM'").ToListAsync(Cancellation));
            Assert.Equal([0], await context.Database.SqlQueryRaw<int>("WITH none AS (SELECT 0 AS \"Value\") SELECT \"Value\" FROM none").ToListAsync(Cancellation));
            await shop.Bus.PublishAsync(new OrderPlaced("a", await context.Orders.CountAsync(Cancellation)), Cancellation);
        };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);
        await shop.HasPublishedAsync(count: 1);

        await shop.HasAsync(stored: [], published: [0]);
    }

    /// <summary>Whether the database could do it makes no difference: it does not see what is refused.</summary>
    [Fact]
    public async Task Statement_ShouldBeRefused_WhenItMayWrite()
    {
        string[] writing =
        [
            "insert into a values (1) returning b", "  (SELECT 1); DELETE FROM a", "/* SELECT /* */ */ UPDATE a SET b = 1 RETURNING b", "-- SELECT\nDELETE FROM a RETURNING b", "/* /* */ DELETE FROM a RETURNING b",
            "WITH c AS (DELETE FROM a RETURNING b) SELECT b FROM c", "WITH c AS NOT MATERIALIZED (SELECT 1), d AS (UPDATE \"a\" SET b = 1 RETURNING b) SELECT b FROM d",
            "WITH c AS (SELECT 1) DELETE FROM a RETURNING b", "WITH c AS (SELECT 1) MERGE INTO a USING c ON true WHEN MATCHED THEN DELETE", "SELECT b INTO c FROM a",
            "REPLACE INTO a VALUES (1) RETURNING b", "CALL a()", "DROP TABLE a", "TRUNCATE a", "SELECT 'it''s'; UPDATE a SET b = 1", "SELECT E'\\''; DELETE FROM a", "SELECT $a$;$a$; DELETE FROM a",
            "VALUES (1); INSERT INTO a VALUES (1)", "EXPLAIN ANALYZE DELETE FROM a",
        ];

        Assert.Equal(writing, await RefusedAsync(writing));
    }

    [Fact]
    public async Task Statement_ShouldBeAllowed_WhenItOnlyReads()
    {
        string[] reading =
        [
            "select 1", "(SELECT 1) UNION (SELECT 2)", "/* DELETE */ SELECT 1 -- INTO", "SELECT 1;", "SELECT lower(replace('INTO', 'a', 'b'))", "SELECT \"INTO\" FROM a WHERE b = '(DELETE FROM a'",
            "SELECT 1 FROM a FOR UPDATE", "SELECT count(update) FROM a", "WITH c AS (SELECT 1) SELECT * FROM c", "VALUES (1)", "SELECT $$ ; DELETE FROM a $$", "SELECT E'\\'; DELETE FROM a'",
            "SELECT [INTO] FROM a", "SELECT a$1, $1 FROM a", "SELECT into_stock, updated FROM a", "SELECT '", "SELECT 1 /* ; DELETE",
        ];

        Assert.Empty(await RefusedAsync(reading));
    }

    [Theory]
    [InlineData("UseCarillon")]
    [InlineData("plain")]
    public async Task Write_ShouldBeAllowed_WhenTheHandlerRunsAtLeastOnce(string contexts)
    {
        await using var shop = await OpenAsync(typeof(RepeatableHandlers), contexts);
        _steps.Use = async context =>
        {
            Assert.Single(await context.Orders.FromSqlRaw($"{OutsideWrites.Insertion} RETURNING *").ToListAsync(Cancellation));
            OutsideWrites.Add(context, number: 2);
            await context.SaveChangesAsync(Cancellation);
            await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
        };

        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);
        await shop.HasPublishedAsync(count: 1);

        await shop.HasAsync(stored: [1, 2], published: [1]);
    }

    [Theory]
    [InlineData("UseCarillon")]
    [InlineData("plain")]
    [InlineData("plain pool")]
    [InlineData("plain pooled factory")]
    public async Task Write_ShouldJoin_WhenTheContextIsAParameterOfTheHandler(string contexts)
    {
        _steps.Failures = 1;
        _steps.Use = async context =>
        {
            Assert.Single(await context.Orders.FromSqlRaw($"{OutsideWrites.Insertion} RETURNING *").ToListAsync(Cancellation));
            OutsideWrites.Add(context, number: 2);
            await context.SaveChangesAsync(Cancellation);
            await context.Orders.Where(order => order.Number == 2).ExecuteUpdateAsync(set => set.SetProperty(order => order.Number, 3), Cancellation);
        };
        await using var shop = await OpenAsync(typeof(InsideHandlers), contexts);

        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);
        await Eventually.IsTrueAsync(async () => await CountAsync(shop) > 0);

        await shop.HasAsync(stored: [1, 3], published: []);
    }

    [Theory]
    [InlineData("UseCarillon", true)]
    [InlineData("UseCarillon", false)]
    [InlineData("plain", true)]
    [InlineData("plain", false)]
    public async Task Commit_ShouldBeRefused_WhenTheTransactionIsTheHandlers(string contexts, bool isAsync)
    {
        await using var shop = await OpenAsync(typeof(InsideHandlers), contexts);
        _steps.Use = async context =>
        {
            OutsideWrites.Add(context);
            await context.SaveChangesAsync(Cancellation);
            if (isAsync)
                await context.Database.CommitTransactionAsync(Cancellation);
            else
                context.Database.CommitTransaction();
        };

        Assert.Contains("commit", await RefusalAsync(shop), StringComparison.Ordinal);
        await shop.HasAsync(stored: [], published: []);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateSavepoint_ShouldBeRefused_WhenTheTransactionIsTheHandlers(bool isAsync)
    {
        await using var shop = await OpenAsync(typeof(InsideHandlers));
        _steps.Use = async context =>
        {
            OutsideWrites.Add(context);
            await context.SaveChangesAsync(Cancellation);
            var transaction = context.Database.CurrentTransaction!;
            if (isAsync)
                await transaction.CreateSavepointAsync("one", Cancellation);
            else
                transaction.CreateSavepoint("one");
            context.Publish(new OrderPlaced("a", 8));
            await transaction.RollbackToSavepointAsync("one", Cancellation);
        };

        Assert.Contains("savepoint", await RefusalAsync(shop), StringComparison.Ordinal);
        await shop.HasAsync(stored: [], published: []);
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldBeRefused_WhenTheUnitOfWorkIsOnAnotherContext()
    {
        await using var shop = await OpenAsync(typeof(InsideHandlers));

        await shop.InContextAsync(first => shop.InContextAsync(async second =>
        {
            OutsideWrites.Add(second);
            await using (var work = await shop.Bus.BeginAsync(first, Cancellation))
            {
                Assert.Equal(ErrorCodes.InvalidUnitOfWork, (await Assert.ThrowsAsync<CarillonException>(() => second.SaveChangesAsync(Cancellation))).Code);
                await work.CommitAsync(Cancellation);
                await second.SaveChangesAsync(Cancellation);
            }
        }));

        await shop.HasAsync(stored: [1], published: []);
    }

    private static async Task<int> CountAsync(Shop shop)
    {
        var count = 0;
        await shop.InContextAsync(async context => count = await context.Orders.CountAsync(Cancellation));
        return count;
    }

    /// <summary>Those of the statements that were refused before the database saw them.</summary>
    private async Task<IReadOnlyList<string>> RefusedAsync(string[] statements)
    {
        await using var shop = await OpenAsync(typeof(OutsideHandlers));
        var refused = new List<string>();
        _steps.Use = async context =>
        {
            foreach (var statement in statements)
            {
                // As it is, without a look for parameters.
                var error = await Record.ExceptionAsync(() =>
                    OutsideWrites.ExecuteScalarAsync(context, statement));
                if (error is CarillonException { Code: ErrorCodes.InvalidUnitOfWork })
                    refused.Add(statement);
            }

            await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
        };
        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);
        await shop.HasPublishedAsync(count: 1);
        return refused;
    }

    private static async Task<string> RefusalAsync(Shop shop)
    {
        await shop.Bus.PublishAsync(new PaymentReceived("a", 1), Cancellation);
        var letters = shop.Services.GetRequiredService<IDeadLetters>();
        IReadOnlyList<DeadLetter> found = [];
        await Eventually.IsTrueAsync(async () => (found = await letters.ListAsync(new DeadLetterQuery(), Cancellation)).Count > 0);
        Assert.Contains(ErrorCodes.InvalidUnitOfWork, found[0].Attempts[^1].Message, StringComparison.Ordinal);
        return found[0].Attempts[^1].Message;
    }

    private async Task<Shop> OpenAsync(Type handlers, string contexts = "UseCarillon", DeliveryGuarantee delivery = DeliveryGuarantee.AtLeastOnce)
    {
        var database = new TDatabase();
        return await Shop.OpenAsync(
            database,
            services =>
            {
                services.AddSingleton(_steps);
                OutsideWrites.AddContexts(services, contexts, database);
            },
            carillon => carillon
                .AddHandlers(handlers)
                .Subscription(subscription =>
                {
                    subscription.Delivery = delivery;
                    subscription.Retry(retries => retries.DelayedAttempts = 0);
                }));
    }
}
