using Carillon.Publishing;
using Carillon.Scheduling;
using Carillon.Tests.Durability;

namespace Carillon.Tests.Publishing;

/// <summary>Messages that wait for somebody else's transaction: where they are joined, what is stored, what is forgotten.</summary>
public sealed class PendingMessagesTests
{
    private readonly InMemoryStore _store = new();
    private readonly PendingMessages _messages = new("shop", new OpenUnitsOfWork("shop", TimeProvider.System));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PendingMessages Pending => _messages;

    private InMemoryStoreTransaction Transaction => new(_store, new TestConnection());

    [Fact]
    public async Task StoreAsync_ShouldStoreFromAPositionOn_WhenTheEarlierOnesAreStored()
    {
        Add("1", "2");
        await Pending.StoreAsync(Transaction, 0, Cancellation);
        Add("3");
        await Pending.StoreAsync(Transaction, 2, Cancellation);
        await Pending.StoreAsync(Transaction, 0, Cancellation);

        Assert.Equal(["append 2", "append 1", "append 3"], _store.Steps);
        Assert.Equal(3, Pending.Count);
    }

    [Fact]
    public async Task Forget_ShouldLeaveTheEarlierOnes_WhenATransactionGoesBackToASavepoint()
    {
        Add("1", "2", "3");

        Pending.Forget(1);
        Assert.Equal(1, Pending.Count);
        Add("4");
        await Pending.StoreAsync(Transaction, 0, Cancellation);

        Assert.Equal(["append 2"], _store.Steps);
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldWithdrawTheMessage_WhenItIsNotStoredYet()
    {
        _messages.Schedule("shop", Later("1"));
        _messages.Schedule("shop", Later("2"));

        Assert.True(await CancelAsync("2"));
        await Pending.StoreAsync(Transaction, 0, Cancellation);

        Assert.Equal(["schedule 1"], _store.Steps);
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldRefuse_WhenTheMessageIsStoredAlready()
    {
        _messages.Schedule("shop", Later("1"));
        await Pending.StoreAsync(Transaction, 0, Cancellation);
        _messages.Schedule("shop", Later("2"));

        var error = await Assert.ThrowsAsync<CarillonException>(() => CancelAsync("1"));

        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        Assert.True(await CancelAsync("2"));
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldWithdrawTheMessage_WhenWhatWasStoredIsForgotten()
    {
        _messages.Schedule("shop", Later("1"));
        await Pending.StoreAsync(Transaction, 0, Cancellation);

        Pending.Forget(0);
        _messages.Schedule("shop", Later("2"));

        Assert.True(await CancelAsync("2"));
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldRefuse_WhenAnotherServiceAsks()
    {
        _messages.Schedule("shop", Later("1"));

        var error = await Assert.ThrowsAsync<CarillonException>(
            () => _messages.CancelScheduledAsync("stock", "/services/stock", EventId.Parse("1"), Cancellation).AsTask());

        Assert.Contains("stock", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enter_ShouldBeTheAmbientPlaceUntilItIsDisposed_WhenThereIsNone()
    {
        using (Pending.Enter())
        {
            Assert.Same(_messages, AmbientContext.UnitOfWork);
            Assert.Null(_messages.Work);
        }

        Assert.Null(AmbientContext.UnitOfWork);
    }

    [Fact]
    public void Enter_ShouldShowTheUnitOfWork_WhenOneIsGiven()
    {
        var factory = new PendingMessagesFactory("shop", new OpenUnitsOfWork("shop", TimeProvider.System));
        using var work = new TestUnitOfWork();
        var pending = factory.Create();

        using (pending.Enter(work))
            Assert.Same(work, factory.Current);

        Assert.Null(factory.Current);
        Assert.Equal("shop", factory.Service);
    }

    [Fact]
    public void Enter_ShouldRefuse_WhenThereIsAUnitOfWorkAlready()
    {
        using (Pending.Enter())
        {
            var error = Assert.Throws<CarillonException>(() => new PendingMessages("shop", new OpenUnitsOfWork("shop", TimeProvider.System)).Enter());
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
            Assert.Same(_messages, AmbientContext.UnitOfWork);
        }
    }

    [Fact]
    public void Dispose_ShouldLeaveALaterPlaceAlone_WhenItIsDisposedTwice()
    {
        var first = Pending.Enter();
        first.Dispose();
        var second = new PendingMessages("shop", new OpenUnitsOfWork("shop", TimeProvider.System));

        using (second.Enter())
        {
            first.Dispose();
            Assert.Same(second, AmbientContext.UnitOfWork);
        }
    }

    [Fact]
    public async Task Messages_ShouldFindNoPlace_WhenTheirCodeOutlivesTheOneItBeganIn()
    {
        var afterwards = new TaskCompletionSource();
        Task<bool> late;

        using (Pending.Enter())
            late = HasPlaceAsync();
        afterwards.SetResult();

        Assert.False(await late);

        async Task<bool> HasPlaceAsync()
        {
            await afterwards.Task;
            return AmbientContext.UnitOfWork is not null;
        }
    }

    [Fact]
    public void Add_ShouldRefuse_WhenTheUnitOfWorkHasEnded()
    {
        using var work = new TestUnitOfWork();
        using (Pending.Enter(work))
        {
            work.Dispose();
            Assert.Throws<ObjectDisposedException>(() => Add("1"));
        }

        Assert.Equal(0, Pending.Count);
    }

    [Fact]
    public async Task StoreAsync_ShouldSayHowManyAreStored_WhenMoreArePublishedMeanwhile()
    {
        Add("1", "2");
        _store.Before = step =>
        {
            if (_messages.Count < 5)
                Add("3", "4", "5");
        };

        Assert.Equal(2, await Pending.StoreAsync(Transaction, 0, Cancellation));
        Assert.Equal(5, await Pending.StoreAsync(Transaction, 2, Cancellation));

        Assert.Equal(["append 2", "append 3"], _store.Steps);
    }

    [Fact]
    public async Task Forget_ShouldLeaveTheLaterOnes_WhenTheEarlierOnesWereCommitted()
    {
        Add("1", "2");
        await Pending.StoreAsync(Transaction, 0, Cancellation);
        _messages.Schedule("shop", Later("3"));

        Pending.Forget(0, 2);

        Assert.Equal(1, Pending.Count);
        Assert.True(await CancelAsync("3"));
    }

    [Fact]
    public async Task Close_ShouldRefuseWhatComes_WhenTheLastOnesAreAboutToBeStored()
    {
        using (Pending.Enter())
        {
            Add("1");
            Pending.Close();
            var error = Assert.Throws<CarillonException>(() => Add("2"));
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        }

        Assert.Throws<CarillonException>(() => Add("2"));
        using (Pending.Enter())
            Add("3");
        Assert.Equal(2, await Pending.StoreAsync(Transaction, 0, Cancellation));
    }

    [Fact]
    public async Task StoreAsync_ShouldLoseNothing_WhenManyPublishMeanwhile()
    {
        const int publishers = 4;
        for (var round = 0; round < 100; round++)
        {
            var (stored, confirmed, transaction) = (0, 0, new RecordingTransaction());
            using var entered = Pending.Enter();
            var publishing = Enumerable.Range(0, publishers).Select(publisher => Task.Run(
                () =>
                {
                    for (var number = 0; number < 200; number++)
                    {
                        try
                        {
                            Add($"{publisher}/{number}");
                        }
                        catch (CarillonException)
                        {
                            return;
                        }

                        Interlocked.Increment(ref confirmed);
                    }
                },
                Cancellation)).ToArray();
            while (stored < 100)
                stored = await Pending.StoreAsync(transaction, stored, Cancellation);
            Pending.Close();
            await Pending.StoreAsync(transaction, stored, Cancellation);
            await Task.WhenAll(publishing);
            await transaction.CommitAsync(Cancellation);
            Pending.Forget(0);

            Assert.Equal(confirmed, transaction.Committed.Count);
        }
    }

    private static Envelope Message(string id) => new() { Id = EventId.Parse(id), Source = "/services/shop", Type = "step.taken", Topic = "step.taken" };

    private static ScheduledMessage Later(string id) => new(Message(id), DateTimeOffset.MaxValue);

    private void Add(params string[] ids)
    {
        foreach (var id in ids)
            _messages.Add("shop", Message(id));
    }

    private Task<bool> CancelAsync(string id) => _messages.CancelScheduledAsync("shop", "/services/shop", EventId.Parse(id), Cancellation).AsTask();
}
