using System.Collections.Concurrent;
using Carillon.Durability;
using Carillon.Scheduling;

namespace Carillon.Tests.Durability;

/// <summary>A unit of work that many publish into at once: what it confirmed is what it commits.</summary>
public sealed class UnitOfWorkConcurrencyTests
{
    private const int Publishers = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_ShouldKeepEveryMessage_WhenManyPublishAtOnce()
    {
        const int each = 2_000;
        for (var round = 0; round < 5; round++)
        {
            var (store, work) = Begin();
            await Together(publisher =>
            {
                for (var number = 0; number < each; number++)
                    work.Add("shop", Message($"{publisher}/{number:D5}"));
            });
            await work.CommitAsync(Cancellation);

            Assert.Equal(Publishers * each, store.Committed.Count);
            foreach (var own in store.Committed.GroupBy(id => id[..1]))
                Assert.Equal(own.Order(StringComparer.Ordinal), own);
        }
    }

    [Fact]
    public async Task CommitAsync_ShouldHoldExactlyWhatWasConfirmed_WhenItRacesWithPublishers()
    {
        for (var round = 0; round < 300; round++)
        {
            var (store, work) = Begin();
            var confirmed = new ConcurrentQueue<string>();
            var commit = Task.CompletedTask;
            await Together(publisher =>
            {
                if (publisher == 0)
                    commit = work.CommitAsync(Cancellation).AsTask();
                for (var number = 0; publisher > 0 && number < 500; number++)
                {
                    try
                    {
                        PublishOne(work, $"{publisher}/{number}", isForLater: number % 3 == 0);
                    }
                    catch (CarillonException error) when (error.Code == ErrorCodes.InvalidUnitOfWork)
                    {
                        return;
                    }

                    confirmed.Enqueue($"{publisher}/{number}");
                }
            });
            await commit;

            Assert.Equal(confirmed.Order(StringComparer.Ordinal), store.Committed.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task CommitAsync_ShouldSucceedOnce_WhenSeveralCommit()
    {
        for (var round = 0; round < 200; round++)
        {
            var (store, work) = Begin();
            work.Add("shop", Message("1"));
            var commits = new ConcurrentQueue<Task<Exception?>>();
            await Together(_ => commits.Enqueue(Record.ExceptionAsync(() => work.CommitAsync(Cancellation).AsTask()).AsTask()));
            var outcomes = await Task.WhenAll(commits);

            Assert.Equal(Publishers - 1, outcomes.Count(error => error is CarillonException { Code: ErrorCodes.InvalidUnitOfWork }));
            Assert.Equal(["1"], store.Committed);
        }
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldUseTheTransactionOneByOne_WhenManyCancelAtOnce()
    {
        var (store, work) = Begin();
        for (var publisher = 0; publisher < Publishers; publisher++)
            work.Schedule("shop", Later($"{publisher}"));

        var cancelled = await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(() =>
            work.CancelScheduledAsync("shop", "/services/shop", EventId.Parse($"{publisher}"), Cancellation).AsTask())));
        await work.CommitAsync(Cancellation);

        Assert.DoesNotContain(false, cancelled);
        Assert.Empty(store.Committed);
        Assert.False(store.Overlapped);
    }

    [Fact]
    public async Task DisposeAsync_ShouldWaitForWhatUsesTheTransaction_WhenSomebodyStillCancels()
    {
        var (store, work) = Begin();
        store.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelling = work.CancelScheduledAsync("shop", "/services/shop", EventId.Parse("1"), Cancellation);
        var disposing = work.DisposeAsync();

        store.Held.SetResult();
        await cancelling;
        await disposing;

        Assert.True(store.IsDisposed);
        Assert.False(store.Overlapped);
    }

    [Fact]
    public async Task DisposeAsync_ShouldEndItOnce_WhenItIsDisposedTwice()
    {
        var ended = 0;
        var store = new RecordingTransaction();
        var work = new UnitOfWork("shop", store, () => ended++);

        await work.DisposeAsync();
        await work.DisposeAsync();

        Assert.Equal(1, ended);
    }

    private static (RecordingTransaction Store, UnitOfWork Work) Begin()
    {
        var store = new RecordingTransaction();
        return (store, new UnitOfWork("shop", store, () => { }));
    }

    private static void PublishOne(UnitOfWork work, string id, bool isForLater)
    {
        if (isForLater)
            work.Schedule("shop", Later(id));
        else
            work.Add("shop", Message(id));
    }

    private static async Task Together(Action<int> work)
    {
        using var start = new Barrier(Publishers);
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                work(publisher);
            },
            Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    private static Envelope Message(string id) => new() { Id = EventId.Parse(id), Source = "/services/shop", Type = "step.taken", Topic = "step.taken" };

    private static ScheduledMessage Later(string id) => new(Message(id), DateTimeOffset.MaxValue);
}
