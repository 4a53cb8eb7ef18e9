using Carillon.Durability;
using Carillon.Scheduling;

namespace Carillon.Tests.Durability;

/// <summary>What a unit of work asks of its store, and what it refuses.</summary>
public sealed class UnitOfWorkTests : IAsyncDisposable
{
    private readonly InMemoryStore _store = new();
    private readonly TestConnection _connection = new();
    private readonly UnitOfWork _work;
    private int _ended;
    private int _scheduled;

    public UnitOfWorkTests() =>
        _work = new UnitOfWork("shop", new InMemoryStoreTransaction(_store, _connection), () => _ended++, () => _scheduled++);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommitAsync_ShouldAppendLast_WhenSomeMessagesAreForLater()
    {
        _work.Add("shop", Message("1"));
        _work.Schedule("shop", Later("2"));
        _work.Add("shop", Message("3"));

        await _work.CommitAsync(Cancellation);

        Assert.Equal(["schedule 1", "append 2", "commit"], _store.Steps);
        Assert.Equal([EventId.Parse("2")], _store.Scheduled);
        Assert.Equal(1, _scheduled);
        Assert.Equal(3, _work.Count);
    }

    [Fact]
    public async Task CommitAsync_ShouldOnlyCommit_WhenNothingWasPublished()
    {
        await _work.CommitAsync(Cancellation);

        Assert.Equal(["commit"], _store.Steps);
        Assert.Equal(0, _scheduled);
    }

    [Fact]
    public async Task CommitAsync_ShouldNotWakeTheSchedule_WhenAllMessagesAreForNow()
    {
        _work.Add("shop", Message("1"));

        await _work.CommitAsync(Cancellation);

        Assert.Equal(["append 1", "commit"], _store.Steps);
        Assert.Equal(0, _scheduled);
    }

    [Fact]
    public async Task CommitAsync_ShouldNotWakeTheSchedule_WhenTheCommitFails()
    {
        _work.Schedule("shop", Later("1"));
        _store.Before = step => _ = step == "commit" ? throw new IOException("no space left") : 0;

        await Assert.ThrowsAsync<IOException>(() => _work.CommitAsync(Cancellation).AsTask());

        Assert.Equal(0, _scheduled);
        Assert.Empty(_store.Scheduled);
    }

    [Fact]
    public async Task Everything_ShouldBeRefused_WhenItWasCommitted()
    {
        await _work.CommitAsync(Cancellation);

        await IsRefusedAsync();
        Assert.Equal(["commit"], _store.Steps);
        Assert.Equal(0, _ended);
    }

    [Fact]
    public async Task Everything_ShouldBeRefused_WhenItWasDisposed()
    {
        await _work.DisposeAsync();

        await IsRefusedAsync();
        Assert.Equal(["dispose"], _store.Steps);
        Assert.Equal(1, _ended);
    }

    [Fact]
    public void ConnectionAndTransaction_ShouldBeThoseOfTheStore_WhenItIsOpen()
    {
        Assert.Same(_connection, _work.Connection);
        Assert.Same(_connection, _work.Transaction.Connection);
        Assert.Same(_work, _work.Work);
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldWithdrawTheMessage_WhenItWaitsForTheSameCommit()
    {
        _work.Schedule("shop", Later("1"));
        _work.Schedule("shop", Later("2"));

        Assert.True(await _work.CancelScheduledAsync("shop", "/services/shop", EventId.Parse("1"), Cancellation));
        await _work.CommitAsync(Cancellation);

        Assert.Equal([EventId.Parse("2")], _store.Scheduled);
        Assert.Equal(1, _scheduled);
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldWithdrawAll_WhenTheMessageWasScheduledAnew()
    {
        _work.Schedule("shop", Later("1"));
        _work.Schedule("shop", Later("2"));
        _work.Schedule("shop", Later("1"));

        Assert.True(await _work.CancelScheduledAsync("shop", "/services/shop", EventId.Parse("1"), Cancellation));
        await _work.CommitAsync(Cancellation);

        Assert.Equal([EventId.Parse("2")], _store.Scheduled);
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldChangeNothing_WhenItIsGivenUp()
    {
        _work.Schedule("shop", Later("1"));
        _store.Before = static step => _ = step == "cancel" ? throw new OperationCanceledException() : 0;

        await Assert.ThrowsAsync<OperationCanceledException>(() => _work.CancelScheduledAsync("shop", "/services/shop", EventId.Parse("1"), Cancellation).AsTask());
        await _work.CommitAsync(Cancellation);

        Assert.Equal([EventId.Parse("1")], _store.Scheduled);
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldTakeItOffWithTheCommit_WhenItWasScheduledBefore()
    {
        await _store.AddAsync([Later("1")], Cancellation);

        Assert.True(await _work.CancelScheduledAsync("shop", "/services/shop", EventId.Parse("1"), Cancellation));
        Assert.Single(_store.Scheduled);
        await _work.CommitAsync(Cancellation);

        Assert.Empty(_store.Scheduled);
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldFindNothing_WhenTheMessageIsNotForLater()
    {
        _work.Add("shop", Message("1"));

        Assert.False(await _work.CancelScheduledAsync("shop", "/services/shop", EventId.Parse("1"), Cancellation));
        Assert.False(await _work.CancelScheduledAsync("shop", "/services/shop", EventId.Parse("7"), Cancellation));
        await _work.CommitAsync(Cancellation);

        Assert.Contains("append 1", _store.Steps);
    }

    [Fact]
    public async Task CommitAsync_ShouldNotWakeTheSchedule_WhenWhatWasForLaterIsWithdrawn()
    {
        _work.Schedule("shop", Later("1"));
        await _work.CancelScheduledAsync("shop", "/services/shop", EventId.Parse("1"), Cancellation);

        await _work.CommitAsync(Cancellation);

        Assert.Equal(["cancel", "commit"], _store.Steps);
        Assert.Equal(0, _scheduled);
    }

    [Fact]
    public async Task Messages_ShouldBeRefused_WhenAnotherServicePublishesThem()
    {
        var errors = new[]
        {
            Assert.Throws<CarillonException>(() => _work.Add("stock", Message("1"))),
            Assert.Throws<CarillonException>(() => _work.Schedule("stock", Later("1"))),
            await Assert.ThrowsAsync<CarillonException>(() => _work.CancelScheduledAsync("stock", "/services/stock", EventId.Parse("1"), Cancellation).AsTask()),
        };

        Assert.All(errors, error => Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code));
        Assert.Equal(0, _work.Count);
    }

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private static Envelope Message(string id) => new() { Id = EventId.Parse(id), Source = "/services/shop", Type = "step.taken", Topic = "step.taken" };

    private static ScheduledMessage Later(string id) => new(Message(id), DateTimeOffset.MaxValue);

    private async Task IsRefusedAsync()
    {
        var errors = new[]
        {
            Assert.Throws<CarillonException>(() => _work.Transaction),
            Assert.Throws<CarillonException>(() => _work.Connection),
            Assert.Throws<CarillonException>(() => _work.Add("shop", Message("1"))),
            Assert.Throws<CarillonException>(() => _work.Schedule("shop", Later("1"))),
            await Assert.ThrowsAsync<CarillonException>(() => _work.CommitAsync(Cancellation).AsTask()),
            await Assert.ThrowsAsync<CarillonException>(() => _work.CancelScheduledAsync("shop", "/services/shop", EventId.Parse("1"), Cancellation).AsTask()),
        };

        Assert.All(errors, error => Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code));
        Assert.Equal(0, _work.Count);
    }
}
