using System.Collections.Concurrent;
using System.Text;
using Carillon.Durability;
using Carillon.InMemory;
using Carillon.Scheduling;
using Carillon.Tests.Durability;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Subscribing;

/// <summary>G2, seen from the store: what a handler did is committed with the mark that it was handled, once, or never existed.</summary>
public sealed class ExactlyOnceTests
{
    private readonly InMemoryStore _store = new();
    private readonly ConcurrentQueue<string> _handled = new();
    private readonly ConcurrentQueue<string> _ended = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handling_ShouldStoreMarkAndMessagesInOneTransaction_WhenTheHandlerSucceeds()
    {
        await using var service = await StartAsync(async (step, context) =>
        {
            Assert.IsType<TestTransaction>(context.UnitOfWork.Transaction);
            await context.Bus.PublishAsync(new WalkEnded(step.Walker!), Cancellation);
            await context.Bus.ScheduleAsync(new WalkEnded(step.Walker!), DateTimeOffset.MaxValue, cancellation: Cancellation);
            Assert.Empty(_ended);
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => _store.Steps.Contains("dispose"));
        Assert.Equal(["begin", "claim", "schedule 1", "append 1", "commit", "dispose"], _store.Steps);
        await Eventually.IsTrueAsync(() => !_ended.IsEmpty);
    }

    /// <summary>Committed early, what it returns would come too late, and no attempt would follow: the message would be taken for handled.</summary>
    [Fact]
    public async Task Handling_ShouldRefuseTheCommit_WhenTheHandlerCommitsItsOwnUnitOfWork()
    {
        var refusals = new ConcurrentQueue<CarillonException>();
        await using var service = await StartAsync(async (step, context) =>
        {
            refusals.Enqueue(await Assert.ThrowsAsync<CarillonException>(async () => await context.UnitOfWork.CommitAsync(Cancellation)));
            await context.Bus.PublishAsync(new WalkEnded(step.Walker!), Cancellation);
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => !_ended.IsEmpty);
        Assert.Equal(ErrorCodes.InvalidUnitOfWork, Assert.Single(refusals).Code);
    }

    [Fact]
    public async Task Handling_ShouldLeaveNothingBehind_WhenAnAttemptFails()
    {
        await using var service = await StartAsync(async (step, context) =>
        {
            await context.Bus.PublishAsync(new WalkEnded($"{step.Walker}{context.Attempt}"), Cancellation);
            if (context.Attempt < 3)
                throw new InvalidOperationException("after the work, before the commit");
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => !_ended.IsEmpty);
        Assert.Equal(["w3"], _ended);
        Assert.Equal(
            ["begin", "claim", "dispose", "begin", "claim", "dispose", "begin", "claim", "append 1", "commit", "dispose"], await StepsOfAsync(service, messages: 1));
    }

    /// <summary>The store is busy, or an owner that was paused still has the message in hand.</summary>
    [Theory]
    [InlineData("begin")]
    [InlineData("claim")]
    public async Task Handling_ShouldCountNoAttempt_WhenItsUnitOfWorkCannotBeginForLong(string refused)
    {
        var (refusals, attempt) = (0, 0);
        _store.Before = step =>
        {
            if (step == refused && ++refusals <= 4)
                throw new UnitOfWorkNotBegunException(ErrorCodes.StorageBusy, "somebody else has the turn");
        };
        await using var service = await StartAsync((_, context) =>
        {
            attempt = context.Attempt;
            return Task.CompletedTask;
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => !_handled.IsEmpty);
        Assert.Equal(1, attempt);
        Assert.Equal(["begin", "claim", "commit", "dispose"], (await StepsOfAsync(service, messages: 1)).TakeLast(4));
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task StopAsync_ShouldReturnTheMessage_WhenItsUnitOfWorkNeverBegins()
    {
        var refused = new TaskCompletionSource();
        _store.Before = step =>
        {
            if (step != "begin")
                return;
            refused.TrySetResult();
            throw new UnitOfWorkNotBegunException(ErrorCodes.StorageBusy, "somebody else has the turn");
        };
        var service = await StartAsync((_, _) => Task.CompletedTask);
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await refused.Task.WaitAsync(Cancellation);

        var began = TimeProvider.System.GetTimestamp();
        await service.DisposeAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Empty(_handled);
    }

    [Fact]
    public async Task Handling_ShouldHappenOnce_WhenTheSameMessageComesAgain()
    {
        await using var service = await StartAsync((_, _) => Task.CompletedTask);
        var once = new PublishOptions { Id = EventId.Parse("step-7") };

        for (var times = 0; times < 5; times++)
            await service.Bus.PublishAsync(new StepTaken("w", 1), once, Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 2), Cancellation);

        await Eventually.IsTrueAsync(() => _handled.Count == 2);
        Assert.Equal(["w1", "w2"], _handled);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Handling_ShouldMakeADeadLetterAtOnce_WhenTheIdWasUsedForAnotherBody()
    {
        await using var service = await StartAsync((_, _) => Task.CompletedTask);
        var once = new PublishOptions { Id = EventId.Parse("step-7") };

        await service.Bus.PublishAsync(new StepTaken("w", 1), once, Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 500), once, Cancellation);

        var dead = await TheOnlyDeadLetterAsync(service);
        Assert.Equal(ErrorCodes.IdReused, dead.Code);
        Assert.Contains("step-7", dead.Reason, StringComparison.Ordinal);
        Assert.Contains("500", Encoding.UTF8.GetString(dead.Envelope.Body.Span), StringComparison.Ordinal);
        Assert.Single(dead.Attempts);
        Assert.Equal(["w1"], _handled);
    }

    [Fact]
    public async Task Handling_ShouldBeRepeated_WhenTheCommitFails()
    {
        var failures = 2;
        _store.Before = step =>
        {
            if (step == "commit" && Interlocked.Decrement(ref failures) >= 0)
                throw new PublishFailedException(ErrorCodes.PublishFailed, "the store is away");
        };
        await using var service = await StartAsync(async (step, context) => await context.Bus.PublishAsync(new WalkEnded($"{step.Walker}{context.Attempt}"), Cancellation));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => !_ended.IsEmpty);
        Assert.Equal(["w3"], _ended);
        Assert.Equal(["w1", "w1", "w1"], _handled);
    }

    [Fact]
    public async Task Handling_ShouldBlameNoHandler_WhenTheStoreFailsBeforeAnyRuns()
    {
        var isAway = false;
        _store.Before = _ =>
        {
            if (Volatile.Read(ref isAway))
                throw new IOException("the store is away");
        };
        await using var service = await StartAsync((_, _) => Task.CompletedTask);
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await Eventually.IsTrueAsync(() => !_handled.IsEmpty && service.InFlight == 0);

        Volatile.Write(ref isAway, true);
        await service.Bus.PublishAsync(new StepTaken("w", 2), Cancellation);

        var dead = await TheOnlyDeadLetterAsync(service);
        Assert.Equal([1, 2, 3], dead.Attempts.Select(attempt => attempt.Number));
        Assert.All(dead.Attempts, attempt => Assert.Equal((null, "System.IO.IOException"), (attempt.Handler, attempt.ErrorType)));
        Assert.Equal("System.IO.IOException: the store is away", dead.Reason);
    }

    [Fact]
    public async Task BatchHandling_ShouldHappenOncePerMessage_WhenSomeOfTheBatchCameBefore()
    {
        var gate = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        var batches = new ConcurrentQueue<int>();
        await using var service = await StartAsync(carillon => carillon.AddHandler(new BatchHandlerDefinition<StepTaken>(
            "Batch", new MessageDefinition<StepTaken>("step.taken", MessageKind.Event, step => step.Walker), 20, async (batch, context, _) =>
            {
                Assert.IsType<TestTransaction>(context.UnitOfWork.Transaction);
                entered.TrySetResult();
                await gate.Task;
                batches.Enqueue(batch.Count);
                foreach (var step in batch)
                    _handled.Enqueue($"{step.Walker}{step.Number}");
            })));

        await PublishAsync(service, 0);
        await entered.Task;
        foreach (var number in new[] { 1, 2, 3, 2, 4 })
            await PublishAsync(service, number);
        await Eventually.IsTrueAsync(() => service.InFlight == 6);
        gate.SetResult();

        await Eventually.IsTrueAsync(() => _handled.Contains("w4") && service.InFlight == 0);
        Assert.Equal(["w0", "w1", "w2", "w3", "w4"], _handled);
        Assert.Equal([1, 1, 1, 1, 1], batches);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));

        static Task PublishAsync(TestService service, int number) => service.Bus.PublishAsync(
            new StepTaken("w", number), new PublishOptions { Id = EventId.Parse($"step-{number}") }, Cancellation).AsTask();
    }

    [Fact]
    public async Task Handling_ShouldBeginNoTransaction_WhenTheSubscriptionHandlesAtLeastOnce()
    {
        await using var service = await StartAsync((_, _) => Task.CompletedTask);

        await service.Bus.PublishAsync(new WalkEnded("w"), Cancellation);

        await Eventually.IsTrueAsync(() => !_ended.IsEmpty && service.InFlight == 0);
        Assert.Empty(_store.Steps);
    }

    [Fact]
    public async Task UnitOfWork_ShouldBeRefused_WhenTheSubscriptionHandlesAtLeastOnce()
    {
        Exception? error = null;
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>((_, context) => error = Record.Exception(() => context.UnitOfWork)));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => Volatile.Read(ref error) is not null);
        Assert.Equal(ErrorCodes.InvalidUnitOfWork, Assert.IsType<CarillonException>(error).Code);
    }

    [Fact]
    public async Task Messages_ShouldJoinNoLaterUnitOfWork_WhenTheyArePublishedAfterTheirHandler()
    {
        var second = new TaskCompletionSource();
        Task? late = null;
        Exception? error = null;
        await using var service = await StartAsync(async (step, context) =>
        {
            if (step.Number == 1)
            {
                late = PublishLateAsync(context.Bus);
                return;
            }

            second.SetResult();
            error = await Record.ExceptionAsync(() => late!);
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 2), Cancellation);

        Assert.Equal(["begin", "claim", "commit", "dispose", "begin", "claim", "commit", "dispose"], await StepsOfAsync(service, messages: 2));
        Assert.Equal(ErrorCodes.InvalidUnitOfWork, Assert.IsType<CarillonException>(error).Code);

        async Task PublishLateAsync(IEventBus bus)
        {
            await second.Task;
            await bus.PublishAsync(new WalkEnded("late"), Cancellation);
        }
    }

    private static async Task<DeadLetter> TheOnlyDeadLetterAsync(TestService service)
    {
        DeadLetter? dead = null;
        await Eventually.IsTrueAsync(async () => (dead = (await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).SingleOrDefault()) is not null);
        return dead!;
    }

    private async Task<IReadOnlyList<string>> StepsOfAsync(TestService service, int messages)
    {
        await Eventually.IsTrueAsync(() => _store.Steps.Count(step => step == "commit") == messages && service.InFlight == 0);
        return _store.Steps;
    }

    private Task<TestService> StartAsync(Func<StepTaken, EventContext, Task> handle) => StartAsync(carillon => carillon.On<StepTaken>((step, context) =>
    {
        _handled.Enqueue($"{step.Walker}{step.Number}");
        return handle(step, context);
    }));

    private Task<TestService> StartAsync(Action<ICarillonBuilder> configure) => TestService.StartAsync(carillon =>
    {
        carillon.UseStorePart<IUnitOfWorkStore>(services =>
            {
                _store.Broker = services.GetRequiredService<InMemoryBroker>();
                return _store;
            })
            .UseStorePart<ISchedule>(_ => _store)
            .Subscription(subscription =>
            {
                subscription.Delivery = DeliveryGuarantee.ExactlyOnce;
                subscription.Concurrency = 1;
                subscription.Retry(retry =>
                {
                    retry.ImmediateDelay = TimeSpan.FromMilliseconds(1);
                    retry.DelayedAttempts = 0;
                });
            })
            .On<WalkEnded>(end => _ended.Enqueue(end.Walker), "ends")
            .Subscription("ends", subscription => subscription.Delivery = DeliveryGuarantee.AtLeastOnce);
        configure(carillon);
    });
}
