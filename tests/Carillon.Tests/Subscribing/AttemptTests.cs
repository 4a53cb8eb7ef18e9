using System.Collections.Concurrent;
using Carillon.InMemory;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Subscribing;

/// <summary>What counts as a failed attempt and what does not, and what is delivered again.</summary>
public sealed class AttemptTests
{
    private readonly InMemoryBroker _broker = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Attempts_ShouldPauseInBetween_WhenAHandlerFails()
    {
        var at = new ConcurrentQueue<long>();
        await using var service = await StartAsync(carillon => carillon
            .Subscription(subscription => subscription.Retry(retry =>
            {
                retry.ImmediateDelay = TimeSpan.FromMilliseconds(100);
                retry.Jitter = 0;
            }))
            .On<StepTaken>((_, context) =>
            {
                at.Enqueue(TimeProvider.System.GetTimestamp());
                if (context.Attempt < 3)
                    throw new InvalidOperationException("not yet");
            }));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => at.Count == 3);
        var times = at.ToArray();
        Assert.True(TimeProvider.System.GetElapsedTime(times[0], times[1]) > TimeSpan.FromMilliseconds(90));
        Assert.True(TimeProvider.System.GetElapsedTime(times[1], times[2]) > TimeSpan.FromMilliseconds(190));
    }

    [Fact]
    public async Task Attempt_ShouldCountAsFailed_WhenTheHandlerGivesUpByItself()
    {
        await using var service = await StartAsync(carillon => carillon
            .Subscription(Once).On<StepTaken>(_ => throw new OperationCanceledException("the other service did not answer in time")));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(async () => await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation) is [{ Attempts: [_] }]);
    }

    [Fact]
    public async Task Attempt_ShouldCountAsTheHandlersFailure_WhenTheScopeFailsToo()
    {
        await using var service = await StartAsync(carillon =>
        {
            carillon.Services.AddScoped<Unending>();
            carillon.Subscription(Once).On<StepTaken>((_, context) =>
            {
                context.Services.GetRequiredService<Unending>();
                throw new FormatException("the handler itself");
            });
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(async () =>
            await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation) is [{ Attempts: [{ Message: "the handler itself" }] }]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Message_ShouldBeDeliveredAgainAndNotCountAsFailed_WhenTheHostStopsWhileItIsHandled(bool isBatch)
    {
        var entered = new TaskCompletionSource();
        await using (var first = await StartAsync(Stubborn))
        {
            await first.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
            await entered.Task;
            await first.StopAsync();
            Assert.Empty(await first.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        }

        var handled = new ConcurrentQueue<int>();
        await using var second = await StartAsync(carillon => carillon.On<StepTaken>(step => handled.Enqueue(step.Number)));

        await Eventually.IsTrueAsync(() => !handled.IsEmpty);
        Assert.Equal([1], handled);

        void Stubborn(ICarillonBuilder carillon)
        {
            carillon.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
            carillon.Subscription(Once);
            if (isBatch)
            {
                carillon.AddHandler(new BatchHandlerDefinition<StepTaken>(
                    "Batch", new MessageDefinition<StepTaken>("step.taken", MessageKind.Event, step => step.Walker), 10, (_, context, cancellation) => HandleAsync(context, cancellation)));
            }
            else
            {
                carillon.On<StepTaken>((_, context) => HandleAsync(context, context.Cancellation).AsTask());
            }
        }

        async ValueTask HandleAsync(EventContext context, CancellationToken cancellation)
        {
            Assert.Equal(1, context.Attempt);
            entered.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
    }

    [Fact]
    public async Task Message_ShouldBeTriedAsItsLastFailureSays_WhenTheSubscriptionTellsFailuresApart()
    {
        await using var service = await StartAsync(carillon =>
        {
            carillon.Subscription(subscription => subscription.Retry(retry =>
            {
                (retry.ImmediateAttempts, retry.DelayedAttempts, retry.FirstDelay) = (1, 0, TimeSpan.FromMilliseconds(1));
                retry.For<TimeoutException>(policy => (policy.ImmediateAttempts, policy.DelayedAttempts) = (2, 2));
            }));
            carillon.On<StepTaken>((step, context) => throw (step.Number == 1 && context.Attempt < 6 ? new TimeoutException() : new FormatException()));
        });

        await service.Bus.PublishAsync(new StepTaken("slow", 1), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("wrong", 2), Cancellation);

        await Eventually.IsTrueAsync(async () => (await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count == 2);
        var dead = await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation);
        Assert.Equal(6, dead.Single(letter => letter.Envelope.Key == "slow").Attempts.Count);
        Assert.Single(dead.Single(letter => letter.Envelope.Key == "wrong").Attempts);
    }

    private static void Once(SubscriptionOptions subscription) => subscription.Retry(retry => (retry.ImmediateAttempts, retry.DelayedAttempts) = (1, 0));

    private Task<TestService> StartAsync(Action<ICarillonBuilder> configure) => TestService.StartAsync(carillon =>
    {
        carillon.Services.AddSingleton(_broker);
        configure(carillon);
    });

    private sealed class Unending : IDisposable
    {
        public void Dispose() => throw new IOException("it does not end");
    }
}
