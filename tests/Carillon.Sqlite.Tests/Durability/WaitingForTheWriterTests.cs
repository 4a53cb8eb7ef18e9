using System.Collections.Concurrent;
using Carillon.Durability;
using Carillon.Relational;
using Carillon.Tests;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests.Durability;

/// <summary>A file has one writer: waiting for it is no failure of a handler, and does not cost an instance its leases.</summary>
public sealed class WaitingForTheWriterTests
{
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handling_ShouldCountNoAttemptAndLoseNoLease_WhenAnotherProcessHoldsTheWriter()
    {
        const int count = 32;
        var attempts = new ConcurrentQueue<int>();
        var started = new TaskCompletionSource();
        await using var ledger = await OpenAsync(async (money, context) =>
        {
            attempts.Enqueue(context.Attempt);
            started.TrySetResult();
            Ledger.Write(context.UnitOfWork, money.Account);
            await PassAsync(TimeSpan.FromMilliseconds(60));
        });
        await using var other = new AnotherProcess(ledger.Folder);
        await PublishAsync(ledger, count);
        await started.Task.WaitAsync(Cancellation);

        // Three times for longer than anybody waits for the writer, and once for longer than a lease.
        foreach (var milliseconds in new[] { 600, 500, 400, 1500 })
            await other.HoldWriterAsync(TimeSpan.FromMilliseconds(milliseconds));

        await ledger.HasEffectsAsync(count);
        Assert.Equal(Enumerable.Repeat(1, count), attempts);
        Assert.Empty(await ledger.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Equal(0, Database.Number(ledger.Folder, "SELECT count(*) FROM carillon_parked"));
        Assert.Equal(1, Database.Number(ledger.Folder, "SELECT max(fence) FROM carillon_leases"));
    }

    [Fact]
    public async Task Leases_ShouldBeRenewedInTime_WhenUnitsOfWorkAlwaysWaitForTheWriter()
    {
        var handled = 0;
        await using var ledger = await OpenAsync(async (money, context) =>
        {
            Ledger.Write(context.UnitOfWork, money.Account);
            await PassAsync(TimeSpan.FromMilliseconds(100));
            Interlocked.Increment(ref handled);
        });
        await PublishAsync(ledger, 60);
        var late = 0;
        await Eventually.IsTrueAsync(() =>
        {
            var expires = Database.Number(ledger.Folder, "SELECT min(expires) FROM carillon_instances");
            late += expires <= StoredTime.From(TimeProvider.System.GetUtcNow()) ? 1 : 0;
            return Volatile.Read(ref handled) == 60;
        });

        Assert.Equal(0, late);
        await ledger.HasEffectsAsync(60);
    }

    [Fact]
    public async Task BeginAsync_ShouldSayThatNothingBegan_WhenAnotherProcessHoldsTheWriter()
    {
        await using var ledger = await Ledger.OpenAsync(_ => { }, Short);
        await using var other = new AnotherProcess(ledger.Folder);
        using (await other.TakeWriterAsync())
        {
            var failure = await Assert.ThrowsAsync<UnitOfWorkNotBegunException>(async () => await ledger.Bus.BeginAsync(cancellation: Cancellation));
            Assert.Equal(ErrorCodes.StorageBusy, failure.Code);
            using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ledger.Bus.BeginAsync(cancellation: cancelled.Token));
        }

        await using var work = await ledger.Bus.BeginAsync(cancellation: Cancellation);
        Ledger.Write(work, "after");
        await work.CommitAsync(Cancellation);
        Assert.Equal(["after"], ledger.Effects());
    }

    private static Task<Ledger> OpenAsync(Func<MoneyReceived, EventContext, Task> handle) => Ledger.OpenAsync(
        carillon => carillon
            .Subscription(subscription =>
            {
                subscription.Delivery = DeliveryGuarantee.ExactlyOnce;
                subscription.Concurrency = 32;
            })
            .On(handle),
        Short);

    private static async Task PublishAsync(Ledger ledger, int count) => await ledger.Bus.PublishBatchAsync(
        [.. Enumerable.Range(0, count).Select(number => new MoneyReceived($"account-{number}", number))], cancellation: Cancellation);

    private static Task PassAsync(TimeSpan time)
    {
        var began = TimeProvider.System.GetTimestamp();
        return Eventually.IsTrueAsync(() => TimeProvider.System.GetElapsedTime(began) >= time);
    }

    private static void Short(SqliteOptions options) => (options.BusyTimeout, options.LeaseTime) = (Busy, Lease);

    /// <summary>A connection as another process would have it.</summary>
    private sealed class AnotherProcess(TemporaryFolder folder) : IAsyncDisposable
    {
        private readonly SqliteConnection _connection = Open(folder);

        public async Task HoldWriterAsync(TimeSpan time)
        {
            using (await TakeWriterAsync())
                await PassAsync(time);
        }

        // Never blocks a thread: those whom it waits for may need it.
        public async Task<SqliteTransaction> TakeWriterAsync()
        {
            var connection = new PreparedConnection(_connection);
            connection.Begin();
            while (!connection.TryLock())
                await Task.Yield();
            connection.Forget();
            return connection.Transaction!;
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();

        private static SqliteConnection Open(TemporaryFolder folder)
        {
            var connection = new SqliteConnection($"{folder.ConnectionString};Pooling=False");
            connection.Open();
            return connection;
        }
    }
}
