using System.Collections.Concurrent;
using Carillon.Conformance.Waiting;
using Carillon.Subscribing;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.Subscribing;

/// <summary>What becomes of handlers that take too long.</summary>
public sealed class HandlerTimeoutTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly CancellationTokenSource _stopping = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Attempt_ShouldFailWithACodeOfItsOwn_WhenTheHandlerTakesTooLong()
    {
        await using var service = await StartAsync(
            attempts: 2, async (_, context) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.Cancellation));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(async () => await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation) is [_]);
        var dead = Assert.Single(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Equal((ErrorCodes.HandlerTimedOut, 2), (dead.Code, dead.Attempts.Count));
        Assert.All(dead.Attempts, attempt => Assert.Contains("---> System.Threading.Tasks.TaskCanceledException", attempt.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attempt_ShouldHaveATokenOfItsOwn_WhenTheOneBeforeTookTooLong()
    {
        var handled = new ConcurrentQueue<bool>();
        await using var service = await StartAsync(attempts: 2, async (_, context) =>
        {
            if (context.Attempt == 1)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.Cancellation);
            handled.Enqueue(context.Cancellation.IsCancellationRequested);
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => !handled.IsEmpty);
        Assert.Equal([false], handled);
    }

    [Fact]
    public async Task Message_ShouldBeFinished_WhenItsHandlerSucceedsAfterItsTime()
    {
        await using var service = await StartAsync(attempts: 1, async (_, context) =>
        {
            var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = context.Cancellation.Register(cancelled.SetResult);
            await cancelled.Task;
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => service.InFlight == 0);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Watch_ShouldShowTheHandlerAndSpeakOfItWithGrowingPauses_WhenItIgnoresItsToken()
    {
        var watch = new HandlerWatch("shop", _limit, _time, _log);
        var (worker, other) = (Worker(), Worker());
        var (attempt, innocent) = (watch.Add()!, watch.Add()!);
        var (token, innocentToken) = (worker.Cancellation, other.Cancellation);
        var watching = watch.RunAsync(_stopping.Token);
        await Eventually.IsTrueAsync(() => _time.Timers == 1);
        var began = _time.GetUtcNow();
        attempt.Begin(worker, EventId.Parse("stuck"));
        await AdvanceAsync(TimeSpan.FromMinutes(4));
        innocent.Begin(other, EventId.Parse("fine"));

        await AdvanceAsync(TimeSpan.FromMinutes(1));
        await Eventually.IsTrueAsync(() => token.IsCancellationRequested);
        Assert.False(innocentToken.IsCancellationRequested);
        Assert.Empty(watch.Hung);
        await AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([new HungHandler("(middleware)", EventId.Parse("stuck"), began)], watch.Hung);
        Assert.Contains("stuck", Assert.Single(_log.Of(1209)), StringComparison.Ordinal);
        for (var second = 0; second < 20; second += 10)
            await AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Single(_log.Of(1209));
        await AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(2, _log.Of(1209).Count);

        Assert.True(attempt.End());
        Assert.False(innocent.End());
        Assert.Empty(watch.Hung);
        _stopping.Cancel();
        await watching.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Add_ShouldWatchNothing_WhenHandlersMayTakeAsLongAsTheyLike(int milliseconds) =>
        Assert.Null(new HandlerWatch("shop", TimeSpan.FromMilliseconds(milliseconds), _time, _log).Add());

    public void Dispose()
    {
        _log.Dispose();
        _stopping.Dispose();
    }

    private static LaneWorker Worker() => new(new LaneScheduler(), new IdleLaneHandler());

    private static Task<TestService> StartAsync(int attempts, Func<StepTaken, EventContext, Task> handle) => TestService.StartAsync(carillon => carillon
        .Subscription(subscription =>
        {
            subscription.HandlerTimeout = TimeSpan.FromMilliseconds(50);
            subscription.Retry(retry => (retry.ImmediateAttempts, retry.DelayedAttempts) = (attempts, 0));
        })
        .On(handle));

    private async Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        await Eventually.IsTrueAsync(() => _time.Timers == 1);
    }
}
