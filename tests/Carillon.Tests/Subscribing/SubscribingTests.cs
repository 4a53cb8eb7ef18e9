using System.Collections.Concurrent;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Subscribing;

public sealed class SubscribingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishAsync_ShouldReachEverySubscriptionOnce_WhenSeveralHandleTheEvent()
    {
        var (first, second) = (new ConcurrentQueue<int>(), new ConcurrentQueue<int>());
        await using var service = await TestService.StartAsync(carillon => carillon
            .On<StepTaken>(step => first.Enqueue(step.Number))
            .On<StepTaken>(step => second.Enqueue(step.Number), "audit"));

        for (var number = 0; number < 100; number++)
            await service.Bus.PublishAsync(new StepTaken(null, number), Cancellation);

        await Eventually.IsTrueAsync(() => first.Count >= 100 && second.Count >= 100);
        Assert.Equal(Enumerable.Range(0, 100), first.Order());
        Assert.Equal(Enumerable.Range(0, 100), second.Order());
    }

    [Fact]
    public async Task Handling_ShouldKeepEachKeyInOrderOneAtATime_WhenHandlersAreSlowAndMany()
    {
        var seen = new ConcurrentDictionary<string, List<int>>();
        var running = new ConcurrentDictionary<string, int>();
        var overlaps = 0;
        var mostAtOnce = 0;
        var atOnce = 0;
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(async step =>
        {
            if (running.AddOrUpdate(step.Walker!, 1, (_, count) => count + 1) > 1)
                Interlocked.Increment(ref overlaps);
            mostAtOnce = Math.Max(mostAtOnce, Interlocked.Increment(ref atOnce));
            await Task.Yield();
            seen.GetOrAdd(step.Walker!, _ => []).Add(step.Number);
            Interlocked.Decrement(ref atOnce);
            running.AddOrUpdate(step.Walker!, 0, (_, count) => count - 1);
        }));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async walker =>
        {
            for (var number = 0; number < 50; number++)
                await service.Bus.PublishAsync(new StepTaken($"walker-{walker}", number), Cancellation);
        }));

        await Eventually.IsTrueAsync(() => seen.Count == 20 && seen.Values.All(numbers => numbers.Count == 50));
        Assert.Equal(0, overlaps);
        Assert.All(seen.Values, numbers => Assert.Equal(Enumerable.Range(0, 50), numbers));
        Assert.True(mostAtOnce > 1, "different keys never ran side by side");
    }

    [Fact]
    public async Task Handling_ShouldNotHoldOtherKeysUp_WhenOneKeyIsStuck()
    {
        var stuck = new TaskCompletionSource();
        var others = 0;
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(async step =>
        {
            if (step.Walker == "slow")
                await stuck.Task;
            else
                Interlocked.Increment(ref others);
        }));

        for (var number = 0; number < 50; number++)
            await service.Bus.PublishAsync(new StepTaken("slow", number), Cancellation);
        for (var number = 0; number < 200; number++)
            await service.Bus.PublishAsync(new StepTaken($"fast-{number}", number), Cancellation);

        await Eventually.IsTrueAsync(() => others == 200);
        stuck.SetResult();
    }

    [Fact]
    public async Task Handling_ShouldLetUrgentMessagesOvertakeOtherKeysOnly_WhenTheyWait()
    {
        var entered = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var order = new ConcurrentQueue<string>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(subscription => subscription.Concurrency = 1)
            .On<StepTaken>(async step =>
            {
                entered.TrySetResult();
                await gate.Task;
                order.Enqueue($"{step.Walker}{step.Number}");
            }));

        await service.Bus.PublishAsync(new StepTaken("first", 0), Cancellation);
        await entered.Task;
        await service.Bus.PublishAsync(new StepTaken("a", 1), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("b", 1), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("a", 2), new PublishOptions { Priority = Priority.High }, Cancellation);
        await service.Bus.PublishAsync(new StepTaken("c", 1), new PublishOptions { Priority = Priority.High }, Cancellation);
        await service.Bus.PublishAsync(new StepTaken("d", 1), new PublishOptions { Priority = Priority.Low }, Cancellation);
        await service.Bus.PublishAsync(new StepTaken("e", 1), Cancellation);
        await Eventually.IsTrueAsync(() => service.InFlight == 7);
        gate.SetResult();

        await Eventually.IsTrueAsync(() => order.Count == 7);
        var handled = order.ToList();
        Assert.True(handled.IndexOf("c1") < handled.IndexOf("b1"), $"urgent c1 did not overtake: {string.Join(' ', handled)}");
        Assert.True(handled.IndexOf("a1") < handled.IndexOf("a2"), $"a2 overtook its own key: {string.Join(' ', handled)}");
        Assert.Equal("d1", handled[^1]);
    }

    [Fact]
    public async Task Publishing_ShouldCarryCorrelationAndCausation_WhenDoneInAHandler()
    {
        var ended = new TaskCompletionSource<(EventId Correlation, EventId Causation)>();
        EventId first = default;
        await using var service = await TestService.StartAsync(carillon => carillon
            .On<StepTaken>(async (step, context) =>
            {
                first = context.Id;
                await Task.Yield();
                await context.Services.GetRequiredService<IEventBus>().PublishAsync(new WalkEnded(step.Walker!));
            })
            .On<WalkEnded>((_, context) => ended.SetResult((context.CorrelationId, context.Envelope.CausationId))));

        await service.Bus.PublishAsync(new StepTaken("w", 1), new PublishOptions { CorrelationId = EventId.Parse("conversation-7") }, Cancellation);

        var (correlation, causation) = await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal("conversation-7", correlation.ToString());
        Assert.Equal(first, causation);
    }

    [Fact]
    public async Task Filter_ShouldFinishMessagesUnhandled_WhenTheirContentDoesNotMatch()
    {
        var seen = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(subscription => subscription.Where<StepTaken>(step => step.Number % 2 == 0))
            .On<StepTaken>(step => seen.Enqueue(step.Number)));

        for (var number = 0; number < 10; number++)
            await service.Bus.PublishAsync(new StepTaken("w", number), Cancellation);

        await Eventually.IsTrueAsync(() => seen.Contains(8));
        Assert.Equal([0, 2, 4, 6, 8], seen);
    }

    [Fact]
    public async Task Middleware_ShouldRunAroundTheHandlerInOrderOfRegistration_WhenSeveralAreAdded()
    {
        var steps = new ConcurrentQueue<string>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .Use(async (context, next) =>
            {
                steps.Enqueue("outer in");
                await next(context);
                steps.Enqueue("outer out");
            })
            .Use(async (context, next) =>
            {
                steps.Enqueue("inner in");
                await next(context);
                steps.Enqueue("inner out");
            })
            .On<StepTaken>(_ => steps.Enqueue("handler")));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => steps.Count == 5);
        Assert.Equal(["outer in", "inner in", "handler", "inner out", "outer out"], steps);
    }

    [Fact]
    public async Task Stop_ShouldFinishRunningHandlersAndStartNoOthers_WhenAskedToStop()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var (started, finished) = (0, 0);
        var service = await TestService.StartAsync(carillon => carillon
            .Subscription(subscription => subscription.Concurrency = 1)
            .On<StepTaken>(async _ =>
            {
                Interlocked.Increment(ref started);
                entered.TrySetResult();
                await release.Task;
                Interlocked.Increment(ref finished);
            }));
        for (var number = 0; number < 10; number++)
            await service.Bus.PublishAsync(new StepTaken($"w{number}", number), Cancellation);
        await entered.Task;

        var stopping = service.StopAsync();
        await Eventually.IsTrueAsync(() => service.InFlight == 1);
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping;

        Assert.Equal((1, 1), (started, finished));
        await service.DisposeAsync();
    }
}
