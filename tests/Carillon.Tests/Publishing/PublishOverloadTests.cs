namespace Carillon.Tests.Publishing;

public sealed class PublishOverloadTests
{
    private static readonly PublisherOptions _two = new() { BufferMessages = 2, BatchMessages = 1 };

    [Fact]
    public async Task PublishAsync_ShouldWaitInTurn_WhenTheBufferIsFull()
    {
        using var fixture = new PublishBatcherFixture(_two).Start();
        var hold = fixture.Sender.Hold();

        var calls = Enumerable.Range(0, 10).Select(i => fixture.Publish($"{i}")).ToArray();

        Assert.Equal(2, fixture.Batcher.Count);
        Assert.DoesNotContain(calls, call => call.IsCompleted);
        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(calls));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), fixture.Sender.Keys);
        Assert.Equal(0, fixture.Batcher.Count);
    }

    [Fact]
    public async Task PublishAsync_ShouldThrow_WhenTheBufferIsFullAndTheServiceChoseSo()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BufferMessages = 2, Overload = OverloadBehavior.Throw }).Start();
        var hold = fixture.Sender.Hold();
        Task[] calls = [fixture.Publish("0"), fixture.Publish("1")];

        var error = await Assert.ThrowsAsync<PublisherOverloadedException>(() => fixture.Publish("2"));

        Assert.Contains("2 of 2 messages", error.Message, StringComparison.Ordinal);
        var patient = fixture.Publish("3", overload: OverloadBehavior.Wait);
        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(calls));
        await PublishBatcherFixture.Soon(patient);
        await PublishBatcherFixture.Soon(fixture.Publish("4"));
        Assert.Equal(["0", "1", "3", "4"], fixture.Sender.Keys);
    }

    [Fact]
    public async Task PublishAsync_ShouldThrow_WhenTheBufferIsFullAndTheCallerChoseSo()
    {
        using var fixture = new PublishBatcherFixture(_two).Start();
        var hold = fixture.Sender.Hold();
        Task[] calls = [fixture.Publish("0"), fixture.Publish("1")];

        await Assert.ThrowsAsync<PublisherOverloadedException>(() => fixture.Publish("2", overload: OverloadBehavior.Throw));

        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(calls));
        Assert.Equal(["0", "1"], fixture.Sender.Keys);
    }

    [Fact]
    public async Task PublishAsync_ShouldBoundTheBytes_WhenMessagesAreLarge()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BufferBytes = 100_000 }).Start();
        var hold = fixture.Sender.Hold();

        Task[] calls = [fixture.Publish("0", bytes: 60_000), fixture.Publish("1", bytes: 30_000), fixture.Publish("2", bytes: 30_000)];

        Assert.Equal(2, fixture.Batcher.Count);
        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(calls));
    }

    [Fact]
    public async Task PublishAsync_ShouldNotOvertake_WhenASmallMessageFitsAndALargeOneWaits()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BufferBytes = 100_000 }).Start();
        var hold = fixture.Sender.Hold();

        Task[] calls = [fixture.Publish("0", bytes: 60_000), fixture.Publish("large", bytes: 60_000), fixture.Publish("small")];

        Assert.Equal(1, fixture.Batcher.Count);
        await Assert.ThrowsAsync<PublisherOverloadedException>(() => fixture.Publish("impatient", overload: OverloadBehavior.Throw));
        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(calls));
        Assert.Equal(["0", "large", "small"], fixture.Sender.Keys);
    }

    [Fact]
    public async Task PublishAsync_ShouldAcceptAMessageBeyondTheBytes_WhenTheBufferIsEmpty()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BufferBytes = 65_536 }).Start();

        await PublishBatcherFixture.Soon(fixture.Publish("a", overload: OverloadBehavior.Throw, bytes: 1_000_000));
        await PublishBatcherFixture.Soon(fixture.Publish("b", bytes: 1_000_000));
    }
}
