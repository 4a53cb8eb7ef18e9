using Carillon.Conformance.Waiting;
using Carillon.Scheduling;
using Carillon.Tests.Hosting;
using Carillon.Tests.Publishing;
using Carillon.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Tests.Scheduling;

/// <summary>What the in-memory schedule does beyond the contract: it publishes through the service's own way, and is bounded.</summary>
public sealed class InMemoryScheduleTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly PublishBatcherFixture _fixture = new PublishBatcherFixture().Start();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReleaseAsync_ShouldKeepWhatFailedAndPublishTheRest_WhenTheTransportRefusesOne()
    {
        var schedule = Schedule();
        await schedule.AddAsync([In(1, "a"), In(1, "b"), In(1, "c")], Cancellation);
        _fixture.Sender.Answer = (batch, _) => new(
            [.. batch.Index().Where(sent => sent.Item.Key == "b").Select(sent => new SendFailure(sent.Index, new PublishFailedException("CRL9001", "not b")))]);

        _time.Advance(TimeSpan.FromSeconds(1));
        var first = await schedule.ReleaseAsync(Cancellation);
        _fixture.Sender.Answer = (_, _) => default;
        var tooSoon = await schedule.ReleaseAsync(Cancellation);
        _time.Advance(first.Next!.Value);
        var second = await schedule.ReleaseAsync(Cancellation);

        Assert.Equal((2, 0, 1), (first.Released, tooSoon.Released, second.Released));
        Assert.Equal(["a", "b", "c", "b"], _fixture.Sender.Keys);
        Assert.Null(second.Next);
        Assert.Equal(0, schedule.Count);
    }

    [Fact]
    public async Task ReleaseAsync_ShouldKeepEverything_WhenTheTransportIsAwayAgainAndAgain()
    {
        var schedule = Schedule();
        await schedule.AddAsync([.. Enumerable.Range(0, 30).Select(number => In(1, $"{number}"))], Cancellation);
        _fixture.Sender.Answer = (_, _) => throw new IOException("no route to host");
        var pauses = new List<TimeSpan>();

        _time.Advance(TimeSpan.FromSeconds(1));
        for (var round = 0; round < 10; round++)
        {
            var release = await schedule.ReleaseAsync(Cancellation);
            Assert.Equal(0, release.Released);
            pauses.Add(release.Next!.Value);
            _time.Advance(release.Next.Value);
        }

        var sent = _fixture.Sender.Batches.Count;
        _fixture.Sender.Answer = (_, _) => default;
        Assert.Equal(30, (await schedule.ReleaseAsync(Cancellation)).Released);
        Assert.Equal(Enumerable.Range(0, 30).Select(number => $"{number}"), _fixture.Sender.Batches.Skip(sent).SelectMany(batch => batch).Select(message => message.Key));
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)), (pauses[0], pauses[^1]));
    }

    [Fact]
    public async Task ReleaseAsync_ShouldKeepEverything_WhenItIsCancelledWhileItWaitsForTheTransport()
    {
        var schedule = Schedule();
        await schedule.AddAsync([In(1, "a"), In(1, "b")], Cancellation);
        _fixture.Sender.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return null;
        };
        using var stopping = new CancellationTokenSource();

        _time.Advance(TimeSpan.FromSeconds(1));
        var other = _fixture.Publish("blocker");
        var release = schedule.ReleaseAsync(stopping.Token).AsTask();
        await stopping.CancelAsync();

        Assert.Equal(0, (await release.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).Released);
        Assert.Equal(2, schedule.Count);
        await _fixture.Batcher.StopAsync(new CancellationToken(canceled: true));
        await Assert.ThrowsAsync<PublishFailedException>(() => other);
    }

    [Fact]
    public async Task AddAsync_ShouldRefuseAllOfThem_WhenTheyDoNotFit()
    {
        var schedule = new InMemorySchedule(_fixture.Batcher, _time, NullLogger.Instance, capacityMessages: 3);
        await schedule.AddAsync([In(1, "a"), In(1, "b")], Cancellation);

        await Assert.ThrowsAsync<PublisherOverloadedException>(() => schedule.AddAsync([In(1, "c"), In(1, "d")], Cancellation).AsTask());

        Assert.Equal(2, schedule.Count);
        await schedule.AddAsync([In(1, "e")], Cancellation);
    }

    [Fact]
    public async Task AddAsync_ShouldHaveRoomAgain_WhenMessagesWerePublishedOrCancelled()
    {
        var schedule = new InMemorySchedule(_fixture.Batcher, _time, NullLogger.Instance, capacityBytes: 10_000);
        for (var round = 0; round < 10; round++)
        {
            await schedule.AddAsync([In(1, "a", bytes: 4_000), In(1, "b", bytes: 4_000)], Cancellation);
            Assert.True(await schedule.CancelAsync("/services/orders", EventId.Parse("id-a"), Cancellation));
            _time.Advance(TimeSpan.FromSeconds(1));
            await schedule.ReleaseAsync(Cancellation);
        }

        Assert.Equal(0, schedule.Count);
    }

    [Fact]
    public async Task AddAsync_ShouldCountBytesToTheLast_WhenTheyAreUsedUp()
    {
        var size = EnvelopeSize.Of(In(1, "a", bytes: 4_000).Envelope);
        var schedule = new InMemorySchedule(_fixture.Batcher, _time, NullLogger.Instance, capacityBytes: 2 * size);

        await Assert.ThrowsAsync<PublisherOverloadedException>(
            () => schedule.AddAsync([In(1, "a", bytes: 4_000), In(1, "b", bytes: 4_000), In(1, "c", bytes: 4_000)], Cancellation).AsTask());
        await schedule.AddAsync([In(1, "a", bytes: 4_000), In(1, "b", bytes: 4_000)], Cancellation);
        await Assert.ThrowsAsync<PublisherOverloadedException>(() => schedule.AddAsync([In(1, "c", bytes: 4_000)], Cancellation).AsTask());

        Assert.Equal(2, schedule.Count);
    }

    [Fact]
    public async Task ReleaseAsync_ShouldPublishFiveHundredAndAskToBeCalledAtOnce_WhenMoreIsLongDue()
    {
        var schedule = Schedule();
        await schedule.AddAsync([.. Enumerable.Range(0, 600).Select(number => In(1, $"{number}"))], Cancellation);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(new ScheduleRelease(500, TimeSpan.Zero), await schedule.ReleaseAsync(Cancellation));
        Assert.Equal(new ScheduleRelease(100, null), await schedule.ReleaseAsync(Cancellation));
    }

    [Fact]
    public async Task ReleaseAsync_ShouldKeepEverything_WhenTheBusHasStopped()
    {
        var schedule = Schedule();
        await schedule.AddAsync([In(1, "a"), In(1, "b")], Cancellation);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _fixture.Batcher.StopAsync(Cancellation);

        var error = await Assert.ThrowsAsync<CarillonException>(() => schedule.ReleaseAsync(Cancellation).AsTask());

        Assert.Equal((ErrorCodes.BusNotRunning, 2), (error.Code, schedule.Count));
    }

    [Fact]
    public async Task ReleaseAsync_ShouldSayWhatIsPostponed_WhenTheTransportRefusesIt()
    {
        using var log = new RecordingLog();
        var schedule = new InMemorySchedule(_fixture.Batcher, _time, log);
        await schedule.AddAsync([In(1, "a")], Cancellation);
        _fixture.Sender.Answer = (_, _) => throw new IOException("no route to host");
        _time.Advance(TimeSpan.FromSeconds(1));

        await schedule.ReleaseAsync(Cancellation);

        Assert.Contains("id-a (test.happened)", Assert.Single(log.Of(1403)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_ShouldBeCancelled_WhenTheTokenIs()
    {
        var schedule = Schedule();
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await schedule.AddAsync([In(1, "a")], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await schedule.CancelAsync("/services/orders", EventId.Parse("id-a"), cancelled));

        Assert.Equal(0, schedule.Count);
    }

    public void Dispose() => _fixture.Dispose();

    private InMemorySchedule Schedule() => new(_fixture.Batcher, _time, NullLogger.Instance);

    private ScheduledMessage In(int seconds, string key, int bytes = 10) =>
        new(PublishBatcherFixture.Envelope(key, bytes) with { Source = "/services/orders" }, _time.GetUtcNow().AddSeconds(seconds));
}
