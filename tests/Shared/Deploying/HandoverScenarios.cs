using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Deploying;

/// <summary>A second instance joins while handlers of the first one run for longer than a lease: no key is handled in both at once (G3).</summary>
public abstract class HandoverScenarios
{
    private const int Keys = 24;
    private readonly ConcurrentDictionary<string, int> _running = new();
    private readonly ConcurrentQueue<string> _overlaps = new();
    private readonly TaskCompletionSource _slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<int, string> _handledBy = new();
    private int _cancelled;

    [Fact]
    public async Task Handling_ShouldStayWithOneInstance_WhenHandlersOutlastTheLeaseAndAnotherInstanceJoins()
    {
        await using var shop = Open();
        var first = await StartAsync(shop, "first");
        await shop.PublishOldAsync(Keys, 0);
        await Eventually.IsTrueAsync(() => _running.Count == Keys);

        var second = await StartAsync(shop, "second");
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _cancelled) > 0);
        await Eventually.IsTrueAsync(() => shop.Log.Contains("is to give up partitions") || !_overlaps.IsEmpty);
        Assert.Empty(_overlaps);
        _slow.SetResult();
        await Eventually.IsTrueAsync(() => _handledBy.Count == Keys);
        await shop.PublishOldAsync(Keys, Keys);
        await Eventually.IsTrueAsync(() => _handledBy.Count == 2 * Keys);

        Assert.Empty(_overlaps);
        Assert.Contains("second", _handledBy.Values);
        await shop.StopAsync(second);
        await shop.StopAsync(first);
    }

    private protected abstract Versions Open();

    private Task<IHost> StartAsync(Versions shop, string name) => shop.StartAsync("shop", carillon => carillon
        .Subscription(subscription => subscription.Concurrency = Keys)
        .On<OldFact>(async (fact, context) =>
        {
            if (_running.AddOrUpdate(fact.Subject, 1, static (_, count) => count + 1) > 1)
                _overlaps.Enqueue($"{fact.Subject} in {name}");
            await using var cancelled = context.Cancellation.Register(() => Interlocked.Increment(ref _cancelled));
            await _slow.Task;
            _running.AddOrUpdate(fact.Subject, 0, static (_, count) => count - 1);
            _handledBy[fact.Number] = name;
        }));
}
