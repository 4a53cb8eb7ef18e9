using Carillon.Conformance.Waiting;
using Carillon.Diagnostics;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Subscribing;
using Carillon.Tests.Hosting;
using Carillon.Tests.Parking;
using Carillon.Transports;

namespace Carillon.Tests.Subscribing;

/// <summary>Who is accused of the death of a process, and who is not (G5).</summary>
public sealed class DeadlyMessagesTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly InMemoryParkingStore _store;
    private readonly InterruptibleNotes _notes;
    private readonly LaneWorker _worker = new(new LaneScheduler(), new IdleLaneHandler());
    private SubscriptionParking? _parking;

    public DeadlyMessagesTests() => _notes = new InterruptibleNotes(_store = new InMemoryParkingStore(_time));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task IsSuspect_ShouldBeFalse_WhenThePartitionWasGivenBack()
    {
        var deadly = await StartAsync(isFromTheDead: false);

        Assert.False(deadly.IsSuspect(new TestDelivery("a")));
    }

    [Fact]
    public async Task IsSuspect_ShouldEnd_WhenAsManyHaveEndedAsTheDeadMayHaveHad()
    {
        var deadly = await StartAsync(suspects: 2);

        await HandleAsync(deadly, new TestDelivery("a"));
        Assert.True(deadly.IsSuspect(new TestDelivery("b")));
        await HandleAsync(deadly, new TestDelivery("b"));

        Assert.False(deadly.IsSuspect(new TestDelivery("c")));
    }

    [Fact]
    public async Task IsSuspect_ShouldStayTrue_WhenOneMessageIsBegunAgainAndAgain()
    {
        var deadly = await StartAsync(suspects: 2);

        for (var time = 0; time < 5; time++)
            await deadly.EndAsync(await BeginAsync(deadly, new TestDelivery("a")), new TestDelivery("a"), Cancellation);

        Assert.True(deadly.IsSuspect(new TestDelivery("b")));
    }

    [Fact]
    public async Task BeginAsync_ShouldGiveTheMessageUp_WhenAsManyHaveDiedAsAllowed()
    {
        var message = new TestDelivery("a");
        Assert.False((await BeginAsync(await StartAsync(), message)).HasTurn);
        Assert.True((await BeginAsync(await StartAsync(), message)).HasTurn);

        Assert.True((await BeginAsync(await StartAsync(), message)).IsOneTooMany);
    }

    [Fact]
    public async Task BeginAsync_ShouldAccuseNobodyWhoWaits_WhenTheProcessDiesOfAnother()
    {
        var (one, other) = (new TestDelivery("a"), new TestDelivery("b"));
        var first = await StartAsync();
        await BeginAsync(first, one);
        await BeginAsync(first, other);

        var second = await StartAsync();
        Assert.True((await BeginAsync(second, one)).HasTurn);
        var waiting = second.BeginAsync(new SuspectStart(), other, _worker, Cancellation, Cancellation).AsTask();
        Assert.False(waiting.IsCompleted);

        var third = await StartAsync();
        Assert.True((await BeginAsync(third, one)).IsOneTooMany);
        Assert.True((await BeginAsync(third, other)).HasTurn);
    }

    [Fact]
    public async Task BeginAsync_ShouldWait_WhenTheStoreIsAway()
    {
        var failures = 15;
        _notes.Before = () =>
        {
            if (Interlocked.Decrement(ref failures) >= 0)
                throw new CarillonException(ErrorCodes.ParkingFailed, "the store is away");
        };

        var start = await BeginAsync(await StartAsync(), new TestDelivery("a"));

        Assert.False(start.IsOneTooMany);
        Assert.True(failures < 0);
    }

    [Fact]
    public async Task EndAsync_ShouldForgetTheMessage_WhenItsHandlerHasEnded()
    {
        var message = new TestDelivery("a");
        for (var life = 0; life < 5; life++)
        {
            var deadly = await StartAsync();
            var start = await BeginAsync(deadly, message);
            Assert.False(start.HasTurn);
            start.HasEnded = true;
            await deadly.EndAsync(start, message, Cancellation);
        }
    }

    [Fact]
    public async Task EndAsync_ShouldAccuseNobody_WhenTheHandlerWasInterrupted()
    {
        var message = new TestDelivery("a");
        for (var life = 0; life < 5; life++)
        {
            var deadly = await StartAsync();
            var start = await BeginAsync(deadly, message);
            Assert.False(start.HasTurn);
            await deadly.EndAsync(start, message, Cancellation);
        }
    }

    [Fact]
    public async Task EndAsync_ShouldNotForgetEarlierDeaths_WhenTheHandlerWasInterrupted()
    {
        var message = new TestDelivery("a");
        await BeginAsync(await StartAsync(), message);
        for (var life = 0; life < 3; life++)
        {
            var deadly = await StartAsync();
            var start = await BeginAsync(deadly, message);
            Assert.True(start.HasTurn);
            await deadly.EndAsync(start, message, Cancellation);
        }
    }

    [Fact]
    public async Task EndAsync_ShouldNotForgetTheDeaths_WhenTheMessageCouldNotBeGivenUp()
    {
        var message = new TestDelivery("a");
        await BeginAsync(await StartAsync(), message);
        await BeginAsync(await StartAsync(), message);
        for (var life = 0; life < 3; life++)
        {
            var deadly = await StartAsync();
            var start = await BeginAsync(deadly, message);
            Assert.True(start.IsOneTooMany);
            await deadly.EndAsync(start, message, Cancellation);
        }
    }

    [Fact]
    public async Task EndAsync_ShouldTakeItsNoteBack_WhenThePartitionIsAnothersAndTheProcessLives()
    {
        var message = new TestDelivery("a");
        for (var life = 0; life < 5; life++)
        {
            var paused = await StartAsync();
            var start = await BeginAsync(paused, message);
            Assert.False(start.HasTurn);
            var successor = await StartAsync();
            start.HasEnded = true;
            await paused.EndAsync(start, message, Cancellation);
            Assert.False((await BeginAsync(successor, message)).HasTurn);
            await _store.RemoveAsync(Assert.Single(_parking!.Partitions.Owners, owner => owner.Partition == Partitions.Whole), message.Envelope, Cancellation);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EndAsync_ShouldTakeItsNoteBack_WhenTheLaneIsTakenAwayMeanwhile(bool hasEnded)
    {
        var message = new TestDelivery("a");
        for (var life = 0; life < 5; life++)
        {
            var deadly = await StartAsync();
            var start = await BeginAsync(deadly, message);
            Assert.False(start.HasTurn);
            start.HasEnded = hasEnded;
            await deadly.EndAsync(start, message, new CancellationToken(canceled: true));
        }
    }

    [Fact]
    public async Task EndAsync_ShouldTakeItsNoteBackLater_WhenTheStoreIsAway()
    {
        var message = new TestDelivery("a");
        var deadly = await StartAsync();
        var start = await BeginAsync(deadly, message);
        _notes.Before = static () => throw new CarillonException(ErrorCodes.ParkingFailed, "the store is away");
        await deadly.EndAsync(start, message, Cancellation);
        var since = _time.GetUtcNow();
        await AdvanceUntilAsync(() => _time.GetUtcNow() - since > TimeSpan.FromSeconds(20));
        await StartAsync();
        Assert.Equal(1, await CountAsync(message));

        _notes.Before = static () => { };

        await AdvanceUntilAsync(async () => await CountAsync(message) == 0);
        Assert.Single(_log.Of(1226));
    }

    [Fact]
    public async Task EndAsync_ShouldComplete_WhenTheStoreHangs()
    {
        var message = new TestDelivery("a");
        var deadly = await StartAsync();
        var start = await BeginAsync(deadly, message);
        _notes.Way = static cancellation => Task.Delay(Timeout.Infinite, cancellation);

        var ending = deadly.EndAsync(start, message, Cancellation).AsTask();

        await AdvanceUntilAsync(() => ending.IsCompleted);
        await ending;
    }

    [Fact]
    public async Task CloseAsync_ShouldAccuseNobody_WhenHandlersAreLeftBehind()
    {
        var (one, other) = (new TestDelivery("a"), new TestDelivery("b"));
        for (var life = 0; life < 5; life++)
        {
            var deadly = await StartAsync();
            Assert.False((await BeginAsync(deadly, one)).HasTurn);
            Assert.False((await BeginAsync(deadly, other)).HasTurn);
            await deadly.CloseAsync(Cancellation);
        }
    }

    [Fact]
    public async Task CloseAsync_ShouldLeaveTheDeathsOfOthers_WhenHandlersAreLeftBehind()
    {
        var message = new TestDelivery("a");
        await BeginAsync(await StartAsync(), message);
        var deadly = await StartAsync();
        Assert.True((await BeginAsync(deadly, message)).HasTurn);

        await deadly.CloseAsync(Cancellation);

        await StartAsync();
        Assert.Equal(1, await CountAsync(message));
    }

    [Fact]
    public async Task EndAsync_ShouldTakeBackWhatWasWrittenLate_WhenTheProcessHasClosed()
    {
        var message = new TestDelivery("a");
        var (deadly, arrived) = (await StartAsync(), new TaskCompletionSource());
        var start = new SuspectStart();
        var calls = 0;
        _notes.Way = _ => ++calls == 2 ? arrived.Task : Task.CompletedTask;
        var beginning = deadly.BeginAsync(start, message, _worker, Cancellation, Cancellation).AsTask();
        await deadly.CloseAsync(Cancellation);
        arrived.SetResult();
        await beginning;

        await deadly.EndAsync(start, message, Cancellation);

        await StartAsync();
        Assert.Equal(0, await CountAsync(message));
    }

    [Fact]
    public async Task BeginAsync_ShouldGoOnWithoutTheTurn_WhenWhoeverHasItHangs()
    {
        var message = new TestDelivery("a");
        var turn = new LoneTurn(_time);
        await BeginAsync(await StartAsync(), message);
        Assert.True((await BeginAsync(await StartAsync(turn: turn), message)).HasTurn);
        var other = new TestDelivery("b");
        await BeginAsync(await StartAsync(), other);

        var since = _time.GetUtcNow();
        var start = await BeginAsync(await StartAsync(turn: turn), other);

        Assert.Equal((false, false), (start.HasTurn, start.IsOneTooMany));
        Assert.InRange(_time.GetUtcNow() - since, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task BeginAsync_ShouldGoOn_WhenThePatienceEndsAfterItGotItsTurn()
    {
        var message = new TestDelivery("a");
        await BeginAsync(await StartAsync(), message);
        var deadly = await StartAsync();
        using var patience = new CancellationTokenSource();
        var start = new SuspectStart();

        var beginning = deadly.BeginAsync(start, message, _worker, patience.Token, Cancellation).AsTask();
        await patience.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await beginning;

        Assert.True(start.HasTurn);
    }

    [Fact]
    public async Task BeginAsync_ShouldLeaveAtOnce_WhenThePatienceEndsBeforeItsTurn()
    {
        var turn = new LoneTurn(_time);
        var (one, other) = (new TestDelivery("a"), new TestDelivery("b"));
        var first = await StartAsync();
        await BeginAsync(first, one);
        await BeginAsync(first, other);
        var second = await StartAsync(turn: turn);
        Assert.True((await BeginAsync(second, one)).HasTurn);
        using var patience = new CancellationTokenSource();

        var waiting = second.BeginAsync(new SuspectStart(), other, _worker, patience.Token, Cancellation).AsTask();
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private async Task HandleAsync(DeadlyMessages deadly, Delivery message)
    {
        var start = await BeginAsync(deadly, message);
        start.HasEnded = true;
        await deadly.EndAsync(start, message, Cancellation);
    }

    private async Task<SuspectStart> BeginAsync(DeadlyMessages deadly, Delivery message)
    {
        var start = new SuspectStart();
        var beginning = deadly.BeginAsync(start, message, _worker, Cancellation, Cancellation).AsTask();
        await AdvanceUntilAsync(() => beginning.IsCompleted);
        await beginning;
        return start;
    }

    /// <summary>How many processes the next owner thinks to have died of a message.</summary>
    private ValueTask<int> CountAsync(Delivery message) =>
        _store.CountAsync(Assert.Single(_parking!.Partitions.Owners, owner => owner.Partition == Partitions.Whole), message.Envelope, Cancellation);

    private Task AdvanceUntilAsync(Func<bool> condition) => AdvanceUntilAsync(() => ValueTask.FromResult(condition()));

    private Task AdvanceUntilAsync(Func<ValueTask<bool>> condition) => Eventually.IsTrueAsync(async () =>
    {
        var isTrue = await condition();
        if (!isTrue)
            _time.Advance(TimeSpan.FromMilliseconds(100));
        return isTrue;
    });

    /// <summary>One more process, after the one before has died.</summary>
    private async Task<DeadlyMessages> StartAsync(bool isFromTheDead = true, int suspects = 10, LoneTurn? turn = null)
    {
        _parking = TestParking.Make("shop", _store, new SubscriptionOptions(), _time, _log);
        AssignedPartition[] partitions = [new(Partitions.Whole) { IsFromTheDead = isFromTheDead }];
        await _parking.Partitions.AssignAsync(partitions, Cancellation);
        var writer = new ParkingWriter("shop", _parking.Partitions, new RecurringFailure(_time), _time, _log);
        var deadly = new DeadlyMessages("shop", _notes, _parking.Partitions, writer, mostDeaths: 3, suspects, turn ?? new LoneTurn(_time), _time, _log);
        deadly.Assign(partitions);
        return deadly;
    }
}
