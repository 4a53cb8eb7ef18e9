using System.Collections.Concurrent;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Subscribing;

/// <summary>What a handler finds in its context, and that nobody finds anything there afterwards.</summary>
public sealed class DeliveryContextTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Context_ShouldDescribeTheMessage_WhenItsHandlerRuns()
    {
        var seen = new ConcurrentQueue<(string Service, string Subscription, int Attempt, string Type, string? Key, EventId Id, bool IsCancelled)>();
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(
            (_, context) => seen.Enqueue((
                context.Service, context.Subscription, context.Attempt, context.Type, context.Key, context.Id, context.Cancellation.IsCancellationRequested)),
            "audit"));

        await service.Bus.PublishAsync(new StepTaken("w", 1), new PublishOptions { Id = EventId.Parse("step-1") }, Cancellation);

        await Eventually.IsTrueAsync(() => !seen.IsEmpty);
        Assert.Equal([("shop", "shop.audit", 1, "step.taken", "w", EventId.Parse("step-1"), false)], seen);
    }

    [Fact]
    public async Task Context_ShouldRefuse_WhenItIsUsedAfterItsHandler()
    {
        EventContext? kept = null;
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>((_, context) => Volatile.Write(ref kept, context)));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => Volatile.Read(ref kept) is not null && service.InFlight == 0);
        Assert.Throws<InvalidOperationException>(() => kept!.Envelope.Id);
        Assert.Throws<InvalidOperationException>(() => kept!.Services);
    }

    [Fact]
    public async Task Services_ShouldBeOneScopeOfTheMessageAndEndWithIt_WhenTheyAreUsed()
    {
        var scopes = new ConcurrentQueue<Scoped>();
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Services.AddScoped<Scoped>();
            builder.AddCarillon("shop", carillon => carillon.UseInMemory()
                .Subscription(subscription => subscription.Concurrency = 1)
                .On<StepTaken>((_, context) =>
                {
                    var scoped = context.Services.GetRequiredService<Scoped>();
                    Assert.Same(scoped, context.Services.GetRequiredService<Scoped>());
                    Assert.False(scoped.IsDisposed);
                    scopes.Enqueue(scoped);
                }));
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 2), Cancellation);

        await Eventually.IsTrueAsync(() => scopes.Count == 2 && service.InFlight == 0);
        Assert.Equal(2, scopes.Distinct().Count());
        Assert.All(scopes, scoped => Assert.True(scoped.IsDisposed));
    }

    [Fact]
    public async Task Handling_ShouldFail_WhenTheScopeCannotEnd()
    {
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Services.AddScoped<Unending>();
            builder.AddCarillon("shop", carillon => carillon.UseInMemory()
                .Subscription(subscription => subscription.Retry(retry => retry.DoNotRetry<IOException>()))
                .On<StepTaken>((_, context) => context.Services.GetRequiredService<Unending>()));
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(async () => await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation) is [{ Attempts: [{ Message: "it does not end" }] }]);
    }

    [Fact]
    public async Task ReturnAsync_ShouldPublishOrSend_WhenAHandlerReturnedSomething()
    {
        var (ended, started) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        await using var service = await TestService.StartAsync(carillon => carillon
            .On<StepTaken>(async (step, context) =>
            {
                await context.ReturnAsync<WalkEnded>(null);
                await context.ReturnAsync(new WalkEnded(step.Walker!));
                await context.ReturnAsync(new StartWalk(step.Walker!));
            })
            .On<WalkEnded>(end => ended.Enqueue(end.Walker))
            .On<StartWalk>(start => started.Enqueue(start.Walker)));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => !ended.IsEmpty && !started.IsEmpty);
        Assert.Equal(["w"], ended);
        Assert.Equal(["w"], started);
    }

    private sealed class Scoped : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Unending : IDisposable
    {
        public void Dispose() => throw new IOException("it does not end");
    }
}
