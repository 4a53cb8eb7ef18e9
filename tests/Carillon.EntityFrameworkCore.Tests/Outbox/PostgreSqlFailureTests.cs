using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>The server or the network fails while a context saves: rows and messages share their fate, and no retry loses or doubles them.</summary>
public sealed class PostgreSqlFailureTests
{
    // As a transaction of the driver sends it; what the service itself commits looks different.
    private const string Commit = "Q\0\0\0\vCOMMIT\0";

    // The commit goes with it.
    private const string Append = "carillon_messages (recorded";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Guarantee", "G1")]
    public async Task SaveChangesAsync_ShouldStoreRowAndMessageOnce_WhenTheServerEndsTheConnection(bool isBeforeCommit)
    {
        var database = new PostgreSqlShopDatabase();
        await database.CreateAsync();
        var terminated = new TerminatedBackend(database.Server, isBeforeCommit);
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(options =>
        {
            database.UseRetryOnFailure(options);
            options.AddInterceptors(terminated);
        }));

        await shop.InContextAsync(async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            await context.SaveChangesAsync(Cancellation);
        });

        Assert.Equal(1, terminated.Ended);
        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Guarantee", "G1")]
    public async Task ExecuteInTransactionAsync_ShouldStoreRowAndMessageOnce_WhenTheAnswerToTheCommitIsLost(bool isForwarded)
    {
        var database = new PostgreSqlShopDatabase();
        var proxy = await database.CreateProxyAsync();
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(database.UseRetryOnFailure));

        await shop.InContextAsync(async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            proxy.IsForwarded = isForwarded;
            proxy.CutAt(Append);
            await context.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
                () => context.SaveChangesAsync(acceptAllChangesOnSuccess: false, Cancellation),
                () => WasCommittedAsync(database, isForwarded));
        });

        Assert.Equal(1, proxy.Cuts);
        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitAsync_ShouldFail_WhenAnErrorOfTheDatabaseWasSwallowed(bool isStoredBefore)
    {
        await using var shop = await Shop.OpenAsync(new PostgreSqlShopDatabase());

        await shop.InContextAsync(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            await context.SaveChangesAsync(Cancellation);
            if (isStoredBefore)
                await transaction.CreateSavepointAsync("one", Cancellation);
            await Assert.ThrowsAsync<PostgresException>(() => context.Database.ExecuteSqlRawAsync("SELECT 1 / 0", Cancellation));

            var error = await Assert.ThrowsAsync<DbUpdateException>(() => transaction.CommitAsync(Cancellation));

            Assert.Equal(PostgresErrorCodes.InFailedSqlTransaction, (error.InnerException as PostgresException)?.SqlState);
        });

        await shop.HasAsync(stored: [], published: []);
    }

    [Fact]
    [Trait("Guarantee", "G1")]
    public async Task CommitAsync_ShouldSayThatNobodyKnows_WhenTheAnswerToTheCommitOfAUnitOfWorkIsLost()
    {
        var database = new PostgreSqlShopDatabase();
        var proxy = await database.CreateProxyAsync();
        await using var shop = await Shop.OpenAsync(database);

        await shop.InContextAsync(async context =>
        {
            await using var work = await shop.Bus.BeginAsync(context, Cancellation);
            await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
            proxy.IsForwarded = true;
            proxy.CutAt(Append);

            Assert.True((await Assert.ThrowsAsync<PublishFailedException>(() => work.CommitAsync(Cancellation).AsTask())).IsOutcomeUnknown);
        });

        Assert.Equal(1, proxy.Cuts);
        await shop.HasAsync(stored: [], published: [1]);
    }

    [Fact]
    public async Task BeginAsync_ShouldStoreRowAndMessageOnce_WhenTheServerRefusesTheCommitBecauseOfAConflict()
    {
        var database = new PostgreSqlShopDatabase();
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(database.UseRetryOnFailure));
        await database.Server.ExecuteAsync("""
            CREATE SEQUENCE once;
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('once') = 1 THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END IF; RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER refusing AFTER INSERT ON "Orders" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
            """);
        var runs = 0;

        await shop.InContextAsync(context => context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            runs++;
            context.ChangeTracker.Clear();
            await using var work = await shop.Bus.BeginAsync(context, Cancellation);
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            await shop.Bus.PublishAsync(new OrderPlaced("a", 1), Cancellation);
            await work.CommitAsync(Cancellation);
        }));

        Assert.Equal(2, runs);
        await shop.HasAsync(stored: [1], published: [1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SaveChangesAsync_ShouldSendTheCommitWithTheMessages_WhenNobodyElseHasASayInIt(bool isIntercepted)
    {
        var database = new PostgreSqlShopDatabase();
        var proxy = await database.CreateProxyAsync();
        var writing = new CommittingInterceptor();
        await using var shop = await Shop.OpenAsync(database, services => services.AddShop(options =>
        {
            database.UseRetryOnFailure(options);
            if (isIntercepted)
                options.AddInterceptors(writing);
        }));

        await shop.InContextAsync(async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));
            (writing.Writes, proxy.IsForwarded) = (true, false);
            proxy.CutAt(Commit);
            await context.SaveChangesAsync(Cancellation);
        });

        // What others write right before the commit is part of it; the execution strategy tries again what was cut.
        Assert.Equal(isIntercepted ? 1 : 0, proxy.Cuts);
        await shop.HasAsync(stored: isIntercepted ? [1, CommittingInterceptor.Number] : [1], published: [1]);
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldGiveUp_WhenItIsCancelledWhileAnotherTransactionHoldsThePartition()
    {
        var database = new PostgreSqlShopDatabase();
        await using var shop = await Shop.OpenAsync(database);
        using var giving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        await shop.InContextAsync(async first =>
        {
            await using var transaction = await first.Database.BeginTransactionAsync(Cancellation);
            first.Publish(new OrderPlaced("a", 1));
            await transaction.CreateSavepointAsync("one", Cancellation);
            await shop.InContextAsync(async second =>
            {
                second.Orders.Add(new Order { Customer = "a", Number = 2 });
                second.Publish(new OrderPlaced("a", 2));
                var saving = second.SaveChangesAsync(giving.Token);
                await Eventually.IsTrueAsync(async () => await database.Server.NumberAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") > 0);
                await giving.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving);
            });
            await transaction.CommitAsync(Cancellation);
        });

        await shop.HasAsync(stored: [], published: [1]);
    }

    [Fact]
    public async Task SaveChangesAsync_ShouldSayWhatTheServerSays_WhenTheServerRefusesTheCommit()
    {
        var database = new PostgreSqlShopDatabase();
        await using var shop = await Shop.OpenAsync(database);
        await database.Server.ExecuteAsync("""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '23514'; END $$;
            CREATE CONSTRAINT TRIGGER refusing AFTER INSERT ON "Orders" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
            """);

        await shop.InContextAsync(async context =>
        {
            context.Orders.Add(new Order { Customer = "a", Number = 1 });
            context.Publish(new OrderPlaced("a", 1));

            var error = await Assert.ThrowsAsync<DbUpdateException>(() => context.SaveChangesAsync(Cancellation));

            Assert.Equal(PostgresErrorCodes.CheckViolation, (error.InnerException as PostgresException)?.SqlState);
        });

        await shop.HasAsync(stored: [], published: []);
    }

    /// <summary>Looks whether it was committed. What the proxy still forwards takes a moment to arrive.</summary>
    private static async Task<bool> WasCommittedAsync(PostgreSqlShopDatabase database, bool isForwarded)
    {
        async Task<bool> IsThereAsync() => await database.Server.NumberAsync("SELECT count(*) FROM \"Orders\"") == 1;
        if (isForwarded)
            await Eventually.IsTrueAsync(async () => await IsThereAsync());
        return await IsThereAsync();
    }
}
