using System.Collections.Concurrent;
using Carillon.Durability;
using Carillon.InMemory;
using Carillon.Scheduling;
using Carillon.Tests.Durability;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Subscribing;

/// <summary>An outage of what the handlers need makes no dead letters, and poison does, also beside it.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly RecordingLog _log = new();
    private const int Concurrency = 4;
    private volatile bool _isAway = true;
    private volatile int _ended;
    private int _running;
    private int _mostAtOnce;
    private readonly ConcurrentQueue<string> _handled = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_ShouldAllBeHandledInOrder_WhenWhatTheyNeedComesBack()
    {
        await using var service = await StartAsync();
        for (var number = 1; number <= 3; number++)
        {
            for (var key = 0; key < 30; key++)
                await service.Bus.PublishAsync(new StepTaken($"w{key}", number), Cancellation);
        }

        await Eventually.IsTrueAsync(() => _log.Of(1210).Count == 1 && service.InFlight > 16);
        _isAway = false;

        await Eventually.IsTrueAsync(() => _handled.Count == 90);
        await Eventually.IsTrueAsync(() => _log.Of(1211).Count == 1);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.All(Enumerable.Range(0, 30), key => Assert.Equal(["1", "2", "3"], _handled.Where(step => step.StartsWith($"w{key}-", StringComparison.Ordinal)).Select(step => step[^1..])));
    }

    [Fact]
    public async Task Message_ShouldBecomeADeadLetter_WhenItFailsWhileOthersSucceed()
    {
        _isAway = false;
        await using var service = await StartAsync();
        for (var key = 0; key < 30; key++)
            await service.Bus.PublishAsync(new StepTaken($"w{key}", key % 3 == 0 ? 13 : 1), Cancellation);

        await Eventually.IsTrueAsync(async () =>
        {
            await service.Bus.PublishAsync(new StepTaken("well", 1), Cancellation);
            return (await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count == 10;
        });
        Assert.Equal(20, _handled.Count(step => !step.StartsWith("well", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Messages_ShouldBeHandled_WhenThoseOfAnotherKindWaitForTheEndOfAnOutage()
    {
        await using var service = await StartAsync();
        for (var key = 0; key < 60; key++)
            await service.Bus.PublishAsync(new StepTaken($"w{key}", 1), Cancellation);
        await Eventually.IsTrueAsync(() => _log.Of(1210).Count == 1);

        for (var count = 1; count <= 100; count++)
        {
            await service.Bus.PublishAsync(new WalkEnded($"p{count}"), Cancellation);
            await Eventually.IsTrueAsync(() => _ended == count);
        }

        Assert.Empty(_handled);
        _isAway = false;
        await Eventually.IsTrueAsync(() => _handled.Count == 60);
        await Eventually.IsTrueAsync(() => service.InFlight == 0);
        Assert.InRange(_mostAtOnce, 1, Concurrency);
    }

    /// <summary>Too few messages of each kind come to tell, and they go to two subscriptions; together they show that what they need is away.</summary>
    [Fact]
    public async Task Messages_ShouldBeHandled_WhenOnlyAllKindsTogetherShowTheOutage()
    {
        await using var service = await StartAsync("walks");
        for (var key = 0; key < 4; key++)
        {
            await service.Bus.PublishAsync(new StepTaken($"w{key}", 1), Cancellation);
            await service.Bus.PublishAsync(new WalkEnded($"p{key}"), Cancellation);
        }

        await Eventually.IsTrueAsync(() => _log.Of(1210).Count == 2);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        _isAway = false;
        await Eventually.IsTrueAsync(() => _handled.Count == 4 && _ended == 4);
    }

    /// <summary>What was handled before is finished without its handler, also in an outage, and tells nothing of what handlers need.</summary>
    [Fact]
    public async Task Outage_ShouldGoOn_WhenMessagesComeAgainThatWereHandledBefore()
    {
        _isAway = false;
        var store = new InMemoryStore();
        await using var service = await StartAsync(configure: carillon => carillon
            .UseStorePart<IUnitOfWorkStore>(services =>
            {
                store.Broker = services.GetRequiredService<InMemoryBroker>();
                return store;
            })
            .UseStorePart<ISchedule>(_ => store)
            .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce));
        EventId[] before = [.. Enumerable.Range(0, 3).Select(number => EventId.Parse($"before-{number}"))];
        await PublishBeforeAsync();
        await Eventually.IsTrueAsync(() => _handled.Count == before.Length);
        _isAway = true;
        for (var key = 0; key < 10; key++)
            await service.Bus.PublishAsync(new StepTaken($"w{key}", 1), Cancellation);
        await Eventually.IsTrueAsync(() => _log.Of(1210).Count == 1);

        await PublishBeforeAsync();

        await Eventually.IsTrueAsync(() => service.InFlight == 10 || _log.Of(1211).Count > 0);
        Assert.Empty(_log.Of(1211));
        _isAway = false;
        await Eventually.IsTrueAsync(() => _handled.Count == before.Length + 10);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));

        async Task PublishBeforeAsync()
        {
            foreach (var (id, number) in before.Select((id, number) => (id, number)))
                await service.Bus.PublishAsync(new StepTaken($"again{number}", 1), new PublishOptions { Id = id }, Cancellation);
        }
    }

    public void Dispose() => _log.Dispose();

    private Task<TestService> StartAsync(string? walks = null, Action<ICarillonBuilder>? configure = null) => TestService.StartAsync(carillon => Configure(carillon, configure)
        .Subscription(subscription =>
        {
            subscription.Concurrency = Concurrency;
            subscription.Retry(retry =>
            {
                (retry.ImmediateAttempts, retry.ImmediateDelay) = (2, TimeSpan.FromMilliseconds(1));
                (retry.DelayedAttempts, retry.FirstDelay, retry.MaxDelay) = (3, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
            });
        })
        .On<WalkEnded>(
            _ =>
            {
                if (_isAway && walks is not null)
                    throw new IOException("no route to host");
                Interlocked.Increment(ref _ended);
            },
            walks)
        .On<StepTaken>(TakeStepAsync));

    private async Task TakeStepAsync(StepTaken step)
    {
        lock (_handled)
            _mostAtOnce = Math.Max(_mostAtOnce, ++_running);
        try
        {
            await Task.Yield();
            if (_isAway || step.Number == 13)
                throw new IOException("no route to host");
            _handled.Enqueue($"{step.Walker}-{step.Number}");
        }
        finally
        {
            lock (_handled)
                _running--;
        }
    }

    private ICarillonBuilder Configure(ICarillonBuilder carillon, Action<ICarillonBuilder>? configure)
    {
        configure?.Invoke(carillon);
        carillon.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(_log));
        return carillon;
    }
}
