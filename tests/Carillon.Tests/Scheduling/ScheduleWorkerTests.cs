using Carillon.Conformance.Waiting;
using Carillon.Scheduling;
using Carillon.Signalling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Tests.Scheduling;

/// <summary>When the worker looks at the schedule: often enough, and never in a circle.</summary>
public sealed class ScheduleWorkerTests : IAsyncLifetime
{
    private readonly VirtualTime _time = new();
    private readonly AsyncSignal _changed = new();
    private readonly CountingSchedule _schedule = new();
    private readonly ScheduleWorker _worker;

    public ScheduleWorkerTests() => _worker = new ScheduleWorker("orders", _schedule, _changed, _time, NullLogger.Instance);

    public ValueTask InitializeAsync() => _worker.StartAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task Worker_ShouldLookTwiceASecond_WhenNothingIsScheduledHere()
    {
        await LookedAsync(1);
        for (var looks = 2; looks <= 10; looks++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(499));
            Assert.Equal(looks - 1, _schedule.Looks);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await LookedAsync(looks);
        }
    }

    [Fact]
    public async Task Worker_ShouldComeWhenTheNextIsDue_WhenThatIsSoon()
    {
        await LookedAsync(1);
        _schedule.Answer = () => new ScheduleRelease(0, TimeSpan.FromMilliseconds(120));
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await LookedAsync(2);

        _time.Advance(TimeSpan.FromMilliseconds(119));
        Assert.Equal(2, _schedule.Looks);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await LookedAsync(3);
    }

    [Fact]
    public async Task Worker_ShouldLookAtOnce_WhenSomethingWasScheduled()
    {
        await LookedAsync(1);

        _changed.Set();

        await LookedAsync(2);
    }

    [Fact]
    public async Task Worker_ShouldGoOnWithoutAPause_WhenMoreIsDueThanOneRelease()
    {
        await LookedAsync(1);
        var left = 20;
        _schedule.Answer = () => new ScheduleRelease(500, --left > 0 ? TimeSpan.Zero : null);

        _time.Advance(TimeSpan.FromMilliseconds(500));

        await LookedAsync(21);
    }

    [Fact]
    public async Task Worker_ShouldPause_WhenWhatIsDueCannotBePublished()
    {
        await LookedAsync(1);
        _schedule.Answer = () => new ScheduleRelease(0, TimeSpan.Zero);

        _time.Advance(TimeSpan.FromMilliseconds(500));

        await LookedAsync(2);
    }

    [Fact]
    public async Task Worker_ShouldTryAgainWithGrowingPauses_WhenTheStoreFails()
    {
        await LookedAsync(1);
        _schedule.Answer = () => throw new IOException("the disk is full");
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await LookedAsync(2);
        var looks = 2;
        for (var pause = TimeSpan.FromMilliseconds(200); pause < TimeSpan.FromSeconds(10); pause *= 2)
        {
            _time.Advance(pause - TimeSpan.FromMilliseconds(1));
            Assert.Equal(looks, _schedule.Looks);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await LookedAsync(++looks);
        }

        _schedule.Answer = () => default;
        _time.Advance(TimeSpan.FromSeconds(10));
        await LookedAsync(++looks);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await LookedAsync(++looks);
    }

    [Fact]
    public async Task StopAsync_ShouldNotWaitLongerThanTheGraceTime_WhenTheStoreHangs()
    {
        await LookedAsync(1);
        _schedule.Answer = null;
        _changed.Set();
        await Eventually.IsTrueAsync(() => _schedule.Looks == 2);
        using var grace = new CancellationTokenSource();

        var stopping = _worker.StopAsync(grace.Token).AsTask();
        Assert.False(stopping.IsCompleted);
        await grace.CancelAsync();

        await stopping.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _worker.StopAsync(new CancellationToken(canceled: true));

    /// <summary>Waits until the worker has looked so many times and waits for its clock.</summary>
    private async Task LookedAsync(int looks)
    {
        await Eventually.IsTrueAsync(() => _schedule.Looks >= looks && _time.Timers > 0);
        Assert.Equal(looks, _schedule.Looks);
    }

    /// <summary>A schedule that only counts who looks; without an answer it hangs.</summary>
    private sealed class CountingSchedule : ISchedule
    {
        private int _looks;

        public Func<ScheduleRelease>? Answer { get; set; } = () => default;

        public int Looks => Volatile.Read(ref _looks);

        public ValueTask AddAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation) => default;

        public ValueTask<bool> CancelAsync(string source, EventId id, CancellationToken cancellation) => default;

        public async ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref _looks);
            if (Answer is { } answer)
                return answer();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
            return default;
        }
    }
}
