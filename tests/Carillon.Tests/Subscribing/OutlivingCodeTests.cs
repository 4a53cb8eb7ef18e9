using System.Collections.Concurrent;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.Subscribing;

/// <summary>Code that outlives its handler belongs to its own message, and to no other.</summary>
public sealed class OutlivingCodeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishAsync_ShouldKeepItsOwnCause_WhenItsHandlerHasEndedAndAnotherMessageIsHandled()
    {
        var (outlive, otherBegan, other) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var causes = new ConcurrentDictionary<string, (string Cause, string Correlation)>();
        Task outliving = Task.CompletedTask;
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(subscription => subscription.Concurrency = 1)
            .On<StepTaken>(async (step, context) =>
            {
                if (step.Number == 1)
                {
                    outliving = PublishLaterAsync(context.Bus);
                    return;
                }

                otherBegan.SetResult();
                await other.Task;
            })
            .On<Followed>((followed, context) => causes[followed.Key] = (context.Envelope.CausationId.ToString(), context.CorrelationId.ToString()), "followers"));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Options("one"), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 2), Options("two"), Cancellation);
        await otherBegan.Task.WaitAsync(Cancellation);
        outlive.SetResult();
        await outliving.WaitAsync(Cancellation);
        await Eventually.IsTrueAsync(() => causes.ContainsKey("beside"));
        other.SetResult();
        await service.StopAsync();

        Assert.Equal(("one", "conversation of one"), causes["beside"]);

        async Task PublishLaterAsync(IEventBus bus)
        {
            await outlive.Task;
            await bus.PublishAsync(new Followed("beside"), CancellationToken.None);
        }
    }

    /// <summary>A middleware that does not wait for its handler any longer has failed; what the handler returns after all is not another message's.</summary>
    [Fact]
    public async Task Return_ShouldBeRefused_WhenAMiddlewareHasGivenItsHandlerUp()
    {
        var (late, otherBegan, other) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        Task returning = Task.CompletedTask;
        var published = new ConcurrentQueue<string>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(subscription => (subscription.Concurrency, subscription.DeadLetters) = (1, DeadLetterPolicy.Skip))
            .Subscription(subscription => subscription.Retry(retry => (retry.ImmediateAttempts, retry.DelayedAttempts) = (1, 0)))
            .Use(GiveUpAsync)
            .On<StepTaken>(async (step, context) =>
            {
                if (step.Number == 1)
                {
                    returning = ReturnLateAsync(context);
                    await returning;
                }

                otherBegan.SetResult();
                await other.Task;
            })
            .On<Followed>((followed, _) => published.Enqueue(followed.Key), "followers"));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Options("one"), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 2), Options("two"), Cancellation);
        await otherBegan.Task.WaitAsync(Cancellation);
        late.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => returning);
        other.SetResult();
        await service.StopAsync();
        Assert.Empty(published);

        async Task ReturnLateAsync(EventContext context)
        {
            await late.Task;
            await context.ReturnAsync(new Followed("late"));
        }
    }

    /// <summary>Of several handlers, those that have not begun when the run is over do not begin any more: the message is handled again, or was set aside.</summary>
    [Fact]
    public async Task NextHandler_ShouldNotRun_WhenAMiddlewareHasGivenTheRunUp()
    {
        var (first, begun) = (new TaskCompletionSource(), new ConcurrentQueue<int>());
        Task? abandoned = null;
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(subscription => (subscription.Concurrency, subscription.DeadLetters) = (1, DeadLetterPolicy.Skip))
            .Subscription(subscription => subscription.Retry(retry => (retry.ImmediateAttempts, retry.DelayedAttempts) = (1, 0)))
            .Use((context, next) => GiveUpAsync(context, given =>
            {
                var running = next(given).AsTask();
                abandoned ??= running;
                return new ValueTask(running);
            }))
            .On<StepTaken>(step => step.Number == 1 ? first.Task : Task.CompletedTask)
            .On<StepTaken>(step => begun.Enqueue(step.Number)));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Options("one"), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 2), Options("two"), Cancellation);
        await Eventually.IsTrueAsync(() => !begun.IsEmpty);
        first.SetResult();
        await Assert.ThrowsAsync<InvalidOperationException>(() => abandoned!);
        await service.StopAsync();

        Assert.Equal([2], begun);
    }

    private static PublishOptions Options(string id) => new() { Id = EventId.Parse(id), CorrelationId = EventId.Parse("conversation of " + id) };

    private static async ValueTask GiveUpAsync(EventContext context, EventDelegate next)
    {
        var handling = next(context).AsTask();
        if (context.Id == EventId.Parse("one") && !handling.IsCompleted)
            throw new TimeoutException("It takes too long.");
        await handling;
    }

    [Event("step.followed")]
    private sealed record Followed([property: Key] string Key);
}
