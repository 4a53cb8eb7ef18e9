using System.Collections.Concurrent;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.InMemory;

/// <summary>A key with a long backlog leaves room for others.</summary>
public sealed class HotKeyTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handling_ShouldNotHoldOtherKeysUp_WhenTenThousandOfOneKeyWait()
    {
        const int hot = 10_000;
        var release = new TaskCompletionSource();
        var (hotSeen, coldSeen) = (new ConcurrentQueue<int>(), new ConcurrentQueue<int>());
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(async step =>
        {
            if (step.Walker != "hot")
            {
                coldSeen.Enqueue(step.Number);
                return;
            }

            await release.Task;
            hotSeen.Enqueue(step.Number);
        }));
        await service.Bus.PublishBatchAsync<StepTaken>([.. Enumerable.Range(0, hot).Select(number => new StepTaken("hot", number))], cancellation: Cancellation);

        for (var number = 0; number < 50; number++)
            await service.Bus.PublishAsync(new StepTaken($"cold-{number}", number), Cancellation);

        await Eventually.IsTrueAsync(() => coldSeen.Count == 50, _patience, "the other keys to be handled while the first message of the hot one is");
        Assert.True(service.InFlight <= 1_000, $"{service.InFlight} messages are held");
        release.SetResult();
        await Eventually.IsTrueAsync(() => hotSeen.Count == hot, _patience, "the hot key to be handled");
        Assert.Equal(Enumerable.Range(0, hot), hotSeen);
    }

    [Fact]
    public async Task Handling_ShouldLeaveRoom_WhenManyKeysAreHot()
    {
        var release = new TaskCompletionSource();
        var (hotSeen, coldSeen) = (new ConcurrentDictionary<string, List<int>>(), new ConcurrentQueue<int>());
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(async step =>
        {
            if (step.Walker!.StartsWith("cold", StringComparison.Ordinal))
            {
                coldSeen.Enqueue(step.Number);
                return;
            }

            await release.Task;
            hotSeen.GetOrAdd(step.Walker, static _ => []).Add(step.Number);
        }), new() { ["Carillon:Subscriptions:shop:MaxInFlight"] = "100" });
        for (var number = 0; number < 300; number++)
            await service.Bus.PublishBatchAsync<StepTaken>([.. Enumerable.Range(0, 10).Select(walker => new StepTaken($"hot-{walker}", number))], cancellation: Cancellation);

        for (var number = 0; number < 20; number++)
            await service.Bus.PublishAsync(new StepTaken($"cold-{number}", number), Cancellation);

        await Eventually.IsTrueAsync(() => coldSeen.Count == 20, _patience, "the other keys to be handled");
        release.SetResult();
        await Eventually.IsTrueAsync(() => hotSeen.Count == 10 && hotSeen.Values.All(static numbers => numbers.Count == 300), _patience, "the hot keys to be handled");
        Assert.All(hotSeen.Values, static numbers => Assert.Equal(Enumerable.Range(0, 300), numbers));
    }
}
