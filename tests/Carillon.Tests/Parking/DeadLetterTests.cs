using System.Collections.Concurrent;
using System.Text;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.Parking;

public sealed class DeadLetterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handling_ShouldTryAgainInTheLane_WhenAHandlerFailsAtFirst()
    {
        var attempts = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(Hasty)
            .On<StepTaken>((_, context) =>
            {
                attempts.Enqueue(context.Attempt);
                if (context.Attempt < 3)
                    throw new InvalidOperationException("not yet");
            }));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => attempts.Count == 3);
        Assert.Equal([1, 2, 3], attempts);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Handling_ShouldTryAgainLaterAndKeepTheKeyInOrder_WhenARoundOfAttemptsFails()
    {
        var handled = new ConcurrentQueue<string>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(Hasty)
            .On<StepTaken>((step, context) =>
            {
                if (step is { Walker: "w", Number: 1 } && context.Attempt <= 4)
                    throw new InvalidOperationException("not yet");
                handled.Enqueue($"{step.Walker}{step.Number}");
            }));

        for (var number = 1; number <= 5; number++)
            await service.Bus.PublishAsync(new StepTaken("w", number), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("x", 1), Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 6);
        Assert.Equal(["w1", "w2", "w3", "w4", "w5"], handled.Where(step => step[0] == 'w'));
    }

    [Fact]
    public async Task DeadLetter_ShouldKeepBytesAndEveryAttemptAndParkItsKey_WhenAHandlerKeepsFailing()
    {
        var handled = new ConcurrentQueue<string>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(Hasty)
            .On<StepTaken>(step =>
            {
                if (step is { Walker: "w", Number: 1 })
                    throw new InvalidOperationException("broken leg");
                handled.Enqueue($"{step.Walker}{step.Number}");
            }));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 2), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 3), Cancellation);
        var dead = await TheOnlyDeadLetterAsync(service, letter => letter.Waiting == 2);
        await service.Bus.PublishAsync(new StepTaken("x", 1), Cancellation);
        await Eventually.IsTrueAsync(() => handled.Contains("x1"));

        Assert.Equal(["x1"], handled);
        Assert.Equal(("shop", ErrorCodes.HandlerFailed), (dead.Subscription, dead.Code));
        Assert.Equal("""{"walker":"w","number":1}""", Encoding.UTF8.GetString(dead.Envelope.Body.Span));
        Assert.Equal([1, 2, 3, 4, 5, 6], dead.Attempts.Select(attempt => attempt.Number));
        Assert.All(dead.Attempts, attempt => Assert.Equal(
            ("System.InvalidOperationException", "broken leg", "On(StepTaken)"), (attempt.ErrorType, attempt.Message, attempt.Handler)));
    }

    [Fact]
    public async Task Replay_ShouldLetTheKeyGoOnInOrder_WhenTheHandlerIsMended()
    {
        var isMended = false;
        var handled = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(Hasty)
            .On<StepTaken>(step =>
            {
                if (step.Number == 1 && !Volatile.Read(ref isMended))
                    throw new InvalidOperationException("broken leg");
                handled.Enqueue(step.Number);
            }));
        for (var number = 1; number <= 4; number++)
            await service.Bus.PublishAsync(new StepTaken("w", number), Cancellation);
        var dead = await TheOnlyDeadLetterAsync(service, letter => letter.Waiting == 3);

        Volatile.Write(ref isMended, true);
        await service.DeadLetters.ReplayAsync(dead.Id, Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 5), Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 5);
        Assert.Equal([1, 2, 3, 4, 5], handled);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Discard_ShouldLetTheKeyGoOnWithoutTheMessage_WhenAPersonGivesItUp()
    {
        var handled = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(Hasty)
            .On<StepTaken>(step =>
            {
                if (step.Number == 1)
                    throw new InvalidOperationException("broken leg");
                handled.Enqueue(step.Number);
            }));
        for (var number = 1; number <= 3; number++)
            await service.Bus.PublishAsync(new StepTaken("w", number), Cancellation);
        var dead = await TheOnlyDeadLetterAsync(service, letter => letter.Waiting == 2);

        await service.DeadLetters.DiscardAsync(dead.Id, Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 2);
        await service.Bus.PublishAsync(new StepTaken("w", 4), Cancellation);
        await Eventually.IsTrueAsync(() => handled.Count == 3);
        Assert.Equal([2, 3, 4], handled);
    }

    [Fact]
    public async Task DeadLetter_ShouldNotHoldItsKeyUp_WhenTheSubscriptionSkips()
    {
        var handled = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(subscription =>
            {
                Hasty(subscription);
                subscription.DeadLetters = DeadLetterPolicy.Skip;
            })
            .On<StepTaken>(step =>
            {
                if (step.Number == 1)
                    throw new InvalidOperationException("broken leg");
                handled.Enqueue(step.Number);
            }));

        for (var number = 1; number <= 3; number++)
            await service.Bus.PublishAsync(new StepTaken("w", number), Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 2);
        Assert.Equal([2, 3], handled);
        Assert.Equal(0, (await TheOnlyDeadLetterAsync(service, _ => true)).Waiting);
    }

    [Fact]
    public async Task Handling_ShouldMakeADeadLetterAtOnce_WhenTheErrorIsPermanent()
    {
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(subscription => subscription.Retry(retry => retry.DoNotRetry<FormatException>()))
            .On<StepTaken>(_ => throw new FormatException("never")));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        Assert.Single((await TheOnlyDeadLetterAsync(service, _ => true)).Attempts);
    }

    [Fact]
    public async Task BatchHandler_ShouldHarmNoOtherMessage_WhenOneOfTheBatchIsBad()
    {
        var gate = new TaskCompletionSource();
        var handled = new ConcurrentQueue<int>();
        var largest = 0;
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(Hasty)
            .Subscription(subscription => subscription.Concurrency = 1)
            .AddHandler(new BatchHandlerDefinition<StepTaken>("Batch", new MessageDefinition<StepTaken>("step.taken", MessageKind.Event, step => step.Walker), 50,
                async (batch, _, _) =>
                {
                    await gate.Task;
                    largest = Math.Max(largest, batch.Count);
                    if (batch.Any(step => step.Number == 13))
                        throw new InvalidOperationException("unlucky");
                    foreach (var step in batch)
                        handled.Enqueue(step.Number);
                })));

        for (var number = 0; number < 40; number++)
            await service.Bus.PublishAsync(new StepTaken($"w{number % 4}", number), Cancellation);
        await Eventually.IsTrueAsync(() => service.InFlight == 40);
        gate.SetResult();

        var dead = await TheOnlyDeadLetterAsync(service, letter => letter.Waiting == 6);
        await Eventually.IsTrueAsync(() => handled.Count == 33);
        Assert.Contains("13", Encoding.UTF8.GetString(dead.Envelope.Body.Span), StringComparison.Ordinal);
        Assert.True(largest > 10, $"the largest batch had {largest} messages");
        foreach (var walker in Enumerable.Range(0, 4))
            Assert.Equal(handled.Where(number => number % 4 == walker).Order(), handled.Where(number => number % 4 == walker));
    }

    private static void Hasty(SubscriptionOptions subscription) => subscription.Retry(retry =>
    {
        retry.ImmediateAttempts = 3;
        retry.ImmediateDelay = TimeSpan.FromMilliseconds(1);
        retry.DelayedAttempts = 1;
        retry.FirstDelay = TimeSpan.FromMilliseconds(20);
    });

    private static async Task<DeadLetter> TheOnlyDeadLetterAsync(TestService service, Func<DeadLetter, bool> condition)
    {
        DeadLetter? found = null;
        await Eventually.IsTrueAsync(async () =>
        {
            var letters = await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation);
            found = letters is [var only] && condition(only) ? only : null;
            return found is not null;
        });
        return found!;
    }
}
