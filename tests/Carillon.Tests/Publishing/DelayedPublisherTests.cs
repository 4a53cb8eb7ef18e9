using Carillon.Publishing;
using Carillon.Scheduling;
using Carillon.Tests.Events;

namespace Carillon.Tests.Publishing;

public sealed class DelayedPublisherTests : IDisposable
{
    private readonly StoppedTime _time = new();
    private readonly RecordingSchedule _schedule = new();
    private readonly PublishBatcherFixture _fixture = new PublishBatcherFixture().Start();
    private readonly DelayedPublisher _publisher;

    public DelayedPublisherTests() =>
        _publisher = new DelayedPublisher("orders", _schedule, _fixture.Batcher, new UnitsOfWork("orders", store: null, new PublisherOptions(), new OpenUnitsOfWork("orders", TimeProvider.System)), _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScheduleAsync_ShouldPublishAtOnce_WhenTheTimeHasComeThisMoment()
    {
        await _publisher.ScheduleAsync(Envelope(null), _time.Now, mayWait: false, null, Cancellation);

        Assert.Equal(["a"], _fixture.Sender.Keys);
        Assert.Empty(_schedule.Added);
    }

    [Fact]
    public async Task ScheduleAsync_ShouldMakeItDueNow_WhenTheTimeIsOverAndItMayWaitAlready()
    {
        await _publisher.ScheduleAsync(Envelope(TimeSpan.FromHours(1)), _time.Now.AddDays(-1), mayWait: true, null, Cancellation);

        var message = Assert.Single(_schedule.Added);
        Assert.Equal((_time.Now, _time.Now.AddHours(1)), (message.Due, message.Envelope.ExpiryTime));
        Assert.Empty(_fixture.Sender.Keys);
    }

    [Fact]
    public async Task ScheduleAsync_ShouldLetTheLifetimeBeginWhenItIsDue_WhenTheMessageExpires()
    {
        var at = _time.Now.AddDays(1).ToOffset(TimeSpan.FromHours(2));

        await _publisher.ScheduleAsync(Envelope(TimeSpan.FromHours(1)), at, mayWait: false, null, Cancellation);

        var message = Assert.Single(_schedule.Added);
        Assert.Equal((_time.Now.AddDays(1), TimeSpan.Zero), (message.Due, message.Due.Offset));
        Assert.Equal(_time.Now.AddDays(1).AddHours(1), message.Envelope.ExpiryTime);
        Assert.Empty(_fixture.Sender.Keys);
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    [InlineData(61, false)]
    public async Task ScheduleAsync_ShouldLetItNeverExpire_WhenThatWouldBeAfterTheEndOfTime(int minutes, bool expires)
    {
        await _publisher.ScheduleAsync(Envelope(TimeSpan.FromMinutes(minutes)), DateTimeOffset.MaxValue.AddHours(-1), mayWait: false, null, Cancellation);

        Assert.Equal(expires, Assert.Single(_schedule.Added).Envelope.ExpiryTime is not null);
    }

    public void Dispose() => _fixture.Dispose();

    private Envelope Envelope(TimeSpan? lifetime) =>
        PublishBatcherFixture.Envelope("a") with { Time = _time.Now, ExpiryTime = _time.Now + lifetime };

    private sealed class RecordingSchedule : ISchedule
    {
        public List<ScheduledMessage> Added { get; } = [];

        public ValueTask AddAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation)
        {
            Added.AddRange(messages);
            return ValueTask.CompletedTask;
        }

        public ValueTask<bool> CancelAsync(string source, EventId id, CancellationToken cancellation) => new(false);

        public ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken cancellation) => default;
    }
}
