using System.Collections.Concurrent;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.InMemory;

/// <summary>What services of a host do to each other when a subscription is full.</summary>
public sealed class InMemoryFullTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishAsync_ShouldComplete_WhenHandlersPublishToTheirOwnFullSubscription()
    {
        var ended = new ConcurrentDictionary<string, bool>();
        await using var service = await StartAsync(capacity: 20, carillon => carillon
            .On<StepTaken>(async (step, context) => await context.Bus.PublishAsync(new WalkEnded(step.Walker!), Cancellation))
            .On<WalkEnded>(walk => ended.TryAdd(walk.Walker, true)));

        // Many more than there is room for: the handlers find their own subscription full of what waits behind them.
        var publishing = Task.WhenAll(Enumerable.Range(0, 200).Select(number => service.Bus.PublishAsync(new StepTaken($"walker-{number}", number), Cancellation).AsTask()));

        await Eventually.IsTrueAsync(() => ended.Count == 200, _patience, "every handler to have published");
        await publishing.WaitAsync(_patience, Cancellation);
    }

    [Fact]
    public async Task PublishAsync_ShouldComplete_WhenOutsidersFillTheBufferOfTheHandlersToo()
    {
        var ended = new ConcurrentDictionary<string, bool>();
        await using var service = await StartAsync(capacity: 20, carillon => carillon
            .On<StepTaken>(async (step, context) => await context.Bus.PublishAsync(new WalkEnded(step.Walker!), Cancellation))
            .On<WalkEnded>(walk => ended.TryAdd(walk.Walker, true)), new() { ["Carillon:Publishing:BufferMessages"] = "2" });

        var publishing = Task.WhenAll(Enumerable.Range(0, 100).Select(number => service.Bus.PublishAsync(new StepTaken($"walker-{number}", number), Cancellation).AsTask()));

        await Eventually.IsTrueAsync(() => ended.Count == 100, _patience, "every handler to have published");
        await publishing.WaitAsync(_patience, Cancellation);
    }

    [Fact]
    public async Task PublishAsync_ShouldNotWait_WhenAnotherSubscriptionIsFull()
    {
        var release = new TaskCompletionSource();
        var ended = new ConcurrentQueue<string>();
        await using var service = await StartAsync(capacity: 3, carillon => carillon
            .On<StepTaken>(_ => release.Task, "stuck")
            .On<WalkEnded>(walk => ended.Enqueue(walk.Walker), "quick"));
        var stuck = Enumerable.Range(0, 50).Select(number => service.Bus.PublishAsync(new StepTaken($"walker-{number % 5}", number), Cancellation).AsTask()).ToArray();

        for (var number = 0; number < 20; number++)
            await service.Bus.PublishAsync(new WalkEnded($"{number}"), Cancellation).AsTask().WaitAsync(_patience, Cancellation);

        await Eventually.IsTrueAsync(() => ended.Count == 20, _patience, "what the full subscription does not even get");
        Assert.Contains(stuck, call => !call.IsCompleted);
        release.SetResult();
        await Task.WhenAll(stuck).WaitAsync(_patience, Cancellation);
    }

    [Fact]
    public async Task PublishAsync_ShouldRefuseForNow_WhenHandlersHaveFilledTheSubscriptionTwice()
    {
        var refused = new TaskCompletionSource<PublishFailedException>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await StartAsync(capacity: 5, carillon => carillon.On<StepTaken>(async (_, context) =>
        {
            try
            {
                for (var number = 0; number < 100; number++)
                    await context.Bus.PublishAsync(new WalkEnded($"{number}"), Cancellation);
            }
            catch (PublishFailedException error)
            {
                refused.TrySetResult(error);
            }
        }).On<WalkEnded>(_ => refused.Task, "ends"), new() { ["Carillon:InMemory:HandlerPatience"] = "00:00:00" });

        await service.Bus.PublishAsync(new StepTaken("walker", 1), Cancellation);

        var error = await refused.Task.WaitAsync(_patience, Cancellation);
        Assert.Equal((ErrorCodes.SubscriptionFull, true, false), (error.Code, error.IsTransient, error.IsOutcomeUnknown));
        Assert.Contains("shop.ends", error.Message, StringComparison.Ordinal);
    }

    private static Task<TestService> StartAsync(int capacity, Action<ICarillonBuilder> configure, Dictionary<string, string?>? settings = null) =>
        TestService.StartAsync(configure, new(settings ?? []) { ["Carillon:InMemory:CapacityMessages"] = $"{capacity}" });
}
