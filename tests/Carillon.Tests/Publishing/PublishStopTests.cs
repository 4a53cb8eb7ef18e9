namespace Carillon.Tests.Publishing;

public sealed class PublishStopTests
{
    [Fact]
    public async Task PublishAsync_ShouldThrowBusNotRunning_WhenNotStarted()
    {
        using var fixture = new PublishBatcherFixture();

        await AssertNotRunning(fixture, "not running yet");
    }

    [Fact]
    public async Task StopAsync_ShouldSendWhatWasAccepted_WhenItIsInTheBuffer()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BufferMessages = 5, BatchMessages = 2 }).Start();
        var hold = fixture.Sender.Hold();
        var calls = Enumerable.Range(0, 7).Select(i => fixture.Publish($"{i}")).ToArray();

        var stop = fixture.Batcher.StopAsync(CancellationToken.None).AsTask();

        Assert.False(stop.IsCompleted);
        foreach (var refused in calls[5..])
            Assert.Equal(ErrorCodes.BusNotRunning, (await Assert.ThrowsAsync<CarillonException>(() => PublishBatcherFixture.Soon(refused))).Code);
        await AssertNotRunning(fixture, "has stopped");
        hold.SetResult();
        await PublishBatcherFixture.Soon(stop);
        await PublishBatcherFixture.Soon(Task.WhenAll(calls[..5]));
        Assert.Equal(["0", "1", "2", "3", "4"], fixture.Sender.Keys);
    }

    [Fact]
    public async Task StopAsync_ShouldFailTheRest_WhenTheGraceTimeIsOver()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BatchMessages = 1 }).Start();
        using var deadline = new CancellationTokenSource();
        var hold = fixture.Sender.Hold();
        var inFlight = fixture.Publish("in flight");
        var buffered = fixture.Publish("buffered");

        var stop = fixture.Batcher.StopAsync(deadline.Token).AsTask();
        deadline.Cancel();
        await PublishBatcherFixture.Soon(stop);

        Assert.True((await Assert.ThrowsAsync<PublishFailedException>(() => PublishBatcherFixture.Soon(inFlight))).IsOutcomeUnknown);
        Assert.False((await Assert.ThrowsAsync<PublishFailedException>(() => PublishBatcherFixture.Soon(buffered))).IsOutcomeUnknown);
        hold.SetResult();
        await PublishBatcherFixture.Soon(fixture.Batcher.StopAsync(CancellationToken.None));
        Assert.Equal(["in flight"], fixture.Sender.Keys);
        Assert.Equal(0, fixture.Batcher.Count);
    }

    [Fact]
    public async Task StopAsync_ShouldCancelTheSender_WhenTheGraceTimeIsOver()
    {
        using var fixture = new PublishBatcherFixture().Start();
        fixture.Sender.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return null;
        };
        var call = fixture.Publish("a");

        await PublishBatcherFixture.Soon(fixture.Batcher.StopAsync(new CancellationToken(canceled: true)));

        await Assert.ThrowsAsync<PublishFailedException>(() => PublishBatcherFixture.Soon(call));
        await PublishBatcherFixture.Soon(fixture.Batcher.StopAsync(CancellationToken.None));
    }

    [Fact]
    public async Task StopAsync_ShouldComplete_WhenCalledAgainOrWithoutStart()
    {
        using var unused = new PublishBatcherFixture();
        using var used = new PublishBatcherFixture().Start();

        await PublishBatcherFixture.Soon(unused.Batcher.StopAsync(CancellationToken.None));
        await PublishBatcherFixture.Soon(Task.WhenAll(used.Batcher.StopAsync(CancellationToken.None).AsTask(), used.Batcher.StopAsync(CancellationToken.None).AsTask()));

        Assert.Throws<InvalidOperationException>(unused.Start);
        Assert.Throws<InvalidOperationException>(used.Start);
    }

    [Fact]
    public async Task StopAsync_ShouldLoseNothing_WhenManyPublishMeanwhile()
    {
        for (var round = 0; round < 50; round++)
        {
            using var fixture = new PublishBatcherFixture(new PublisherOptions { BufferMessages = 8, BatchMessages = 4 }).Start();
            fixture.Sender.Answer = async (_, _) =>
            {
                await Task.Yield();
                return null;
            };
            var callers = Enumerable.Range(0, 4).Select(caller => Task.Run(() => PublishUntilRefused(fixture, caller))).ToArray();
            await PublishBatcherFixture.Until(() => fixture.Sender.Batches.Count > round % 7, "some are sent");

            await PublishBatcherFixture.Soon(fixture.Batcher.StopAsync(CancellationToken.None));
            var sentAtStop = fixture.Sender.Keys.Count;
            var confirmed = (await Task.WhenAll(callers)).SelectMany(keys => keys).ToHashSet();

            Assert.Equal(sentAtStop, fixture.Sender.Keys.Count);
            Assert.Equal(fixture.Sender.Keys.Order(), confirmed.Order());
        }
    }

    private static async Task<List<string>> PublishUntilRefused(PublishBatcherFixture fixture, int caller)
    {
        List<string> confirmed = [];
        for (var i = 0; ; i++)
        {
            try
            {
                await PublishBatcherFixture.Soon(fixture.Publish($"{caller}/{i}"));
                confirmed.Add($"{caller}/{i}");
            }
            catch (CarillonException exception) when (exception.Code == ErrorCodes.BusNotRunning)
            {
                return confirmed;
            }
        }
    }

    private static async Task AssertNotRunning(PublishBatcherFixture fixture, string why)
    {
        var error = await Assert.ThrowsAsync<CarillonException>(() => fixture.Publish("late"));

        Assert.Equal(ErrorCodes.BusNotRunning, error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
