namespace Carillon.Tests.Publishing;

public sealed class PublishCancellationTests
{
    [Fact]
    public async Task PublishAsync_ShouldThrow_WhenCancelledBefore()
    {
        using var fixture = new PublishBatcherFixture().Start();

        await Assert.ThrowsAsync<OperationCanceledException>(() => fixture.PublishUntil("a", new CancellationToken(canceled: true)));

        Assert.Empty(fixture.Sender.Batches);
        Assert.Equal(0, fixture.Batcher.Count);
    }

    [Fact]
    public async Task PublishAsync_ShouldSendNothing_WhenCancelledWhileItWaitsForRoom()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BufferMessages = 1 }).Start();
        using var cancellation = new CancellationTokenSource();
        var hold = fixture.Sender.Hold();
        var first = fixture.Publish("first");
        var cancelled = fixture.PublishUntil("cancelled", cancellation.Token);
        var last = fixture.Publish("last");

        cancellation.Cancel();

        Assert.Equal(cancellation.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PublishBatcherFixture.Soon(cancelled))).CancellationToken);
        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(first, last));
        Assert.Equal(["first", "last"], fixture.Sender.Keys);
    }

    [Fact]
    public async Task PublishAsync_ShouldMakeRoom_WhenAnAcceptedMessageIsCancelled()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BufferMessages = 2 }).Start();
        using var cancellation = new CancellationTokenSource();
        var hold = fixture.Sender.Hold();
        var first = fixture.Publish("first");
        var cancelled = fixture.PublishUntil("cancelled", cancellation.Token);
        var last = fixture.Publish("last");

        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PublishBatcherFixture.Soon(cancelled));
        Assert.Equal(2, fixture.Batcher.Count);
        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(first, last));
        Assert.Equal(["first", "last"], fixture.Sender.Keys);
    }

    [Fact]
    public async Task PublishAsync_ShouldGiveUpWaiting_WhenCancelledInFlight()
    {
        using var fixture = new PublishBatcherFixture().Start();
        using var cancellation = new CancellationTokenSource();
        var hold = fixture.Sender.Hold();
        var cancelled = fixture.PublishUntil("cancelled", cancellation.Token);
        var other = fixture.Publish("other");

        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PublishBatcherFixture.Soon(cancelled));

        Assert.Equal(2, fixture.Batcher.Count);
        hold.SetResult();
        await PublishBatcherFixture.Soon(other);
        await PublishBatcherFixture.Soon(fixture.Publish("after"));
        Assert.Equal(["cancelled", "other", "after"], fixture.Sender.Keys);
        Assert.Equal(0, fixture.Batcher.Count);
    }

    [Fact]
    public async Task PublishAsync_ShouldLeaveNoRegistration_WhenItIsConfirmed()
    {
        using var fixture = new PublishBatcherFixture().Start();
        using var cancellation = new CancellationTokenSource();
        fixture.Sender.Answer = async (_, _) =>
        {
            await Task.Yield();
            return null;
        };

        for (var i = 0; i < 100; i++)
            await PublishBatcherFixture.Soon(fixture.PublishUntil($"{i}", cancellation.Token));
        var hold = fixture.Sender.Hold();
        var others = Enumerable.Range(0, 50).Select(i => fixture.Publish($"other {i}")).ToArray();

        // The items of the first hundred are used again by now: a callback left behind would cancel somebody else's message.
        cancellation.Cancel();
        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(others));
    }
}
