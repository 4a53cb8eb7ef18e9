using System.Collections.Concurrent;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.Subscribing;

/// <summary>Which messages come together in one call, and that one which cannot come with the others harms none of them (G6).</summary>
public sealed class BatchHandlingTests
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string[]> _batches = new();
    private readonly ConcurrentQueue<string> _ended = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_ShouldBeFilledUpToTheirSize_WhenMoreWaits()
    {
        await using var service = await StartAsync(batchSize: 3);

        await WaitBehindTheFirstAsync(service, ("a", 1), ("a", 2), ("b", 1), ("c", 1), ("c", 2), ("c", 3), ("d", 1));

        await Eventually.IsTrueAsync(() => _batches.Count == 4);
        Assert.Equal([1, 3, 3, 1], _batches.Select(batch => batch.Length));
        Assert.Equal(["a1", "a2", "b1", "c1", "c2", "c3", "d1"], _batches.Skip(1).SelectMany(batch => batch).OrderBy(step => step[0]));
    }

    [Fact]
    public async Task Batches_ShouldHoldNoOtherType_WhenOneWaitsInBetween()
    {
        await using var service = await StartAsync(batchSize: 10);
        await BeginAsync(service);
        await service.Bus.PublishAsync(new StepTaken("a", 1), Cancellation);
        await service.Bus.PublishAsync(new WalkEnded("a"), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("a", 2), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("b", 1), Cancellation);

        await GoOnAsync(service, held: 5);

        await Eventually.IsTrueAsync(() => _batches.Count == 3 && !_ended.IsEmpty && service.InFlight == 0);
        Assert.Equal([["first0"], ["a1", "b1"], ["a2"]], _batches.Select(batch => batch.Order(StringComparer.Ordinal).ToArray()));
    }

    [Fact]
    public async Task Messages_ShouldBeHandledByThemselves_WhenOneOfTheBatchIsFilteredOut()
    {
        await using var service = await StartAsync(batchSize: 10, subscription => subscription.Where<StepTaken>(step => step.Number != 13));

        await WaitBehindTheFirstAsync(service, ("a", 12), ("a", 13), ("a", 14));

        await Eventually.IsTrueAsync(() => _batches.Count == 3 && service.InFlight == 0);
        Assert.Equal([["first0"], ["a12"], ["a14"]], _batches);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Message_ShouldBecomeADeadLetterByItself_WhenItsFilterFails()
    {
        await using var service = await StartAsync(batchSize: 10, subscription => subscription.Where<StepTaken>(
            step => step.Number != 13 ? true : throw new FormatException("unlucky")));

        await WaitBehindTheFirstAsync(service, ("a", 12), ("b", 13), ("c", 14));

        await Eventually.IsTrueAsync(() => _batches.Count == 3 && service.InFlight == 0);
        Assert.Equal(["a12", "c14"], _batches.Skip(1).Select(Assert.Single).Order(StringComparer.Ordinal));
        Assert.Equal("b", Assert.Single(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Envelope.Key);
    }

    [Fact]
    public async Task Message_ShouldBecomeADeadLetterByItself_WhenItsBodyIsBroken()
    {
        await using var service = await StartAsync(batchSize: 10);
        await BeginAsync(service);
        await service.Bus.PublishAsync(new StepTaken("a", 1), Cancellation);
        await service.SendRawAsync(new Envelope
        {
            Id = EventId.Parse("broken"),
            Source = "/strangers",
            Type = "step.taken",
            Version = 1,
            Topic = "step.taken",
            Key = "b",
            Time = DateTimeOffset.UnixEpoch,
            Body = "{"u8.ToArray(),
        });
        await service.Bus.PublishAsync(new StepTaken("c", 1), Cancellation);

        await GoOnAsync(service, held: 4);

        await Eventually.IsTrueAsync(() => _batches.Count == 3 && service.InFlight == 0);
        Assert.Equal(["a1", "c1"], _batches.Skip(1).Select(Assert.Single).Order(StringComparer.Ordinal));
        Assert.Equal(ErrorCodes.MalformedBody, Assert.Single(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Code);
    }

    [Fact]
    public async Task Messages_ShouldWaitBehindADeadLetterOfTheirKey_WhenOthersComeTogether()
    {
        await using var service = await StartAsync(batchSize: 10, subscription => subscription.Where<StepTaken>(
            step => step.Number != 13 ? true : throw new FormatException("unlucky")));
        await WaitBehindTheFirstAsync(service, ("a", 13));
        await Eventually.IsTrueAsync(async () => await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation) is [_]);

        await service.Bus.PublishBatchAsync([new StepTaken("a", 14), new StepTaken("b", 14)], cancellation: Cancellation);

        await Eventually.IsTrueAsync(() => _batches.Count == 2 && service.InFlight == 0);
        Assert.Equal([["first0"], ["b14"]], _batches);
        Assert.Equal(1, Assert.Single(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Waiting);
    }

    private Task<TestService> StartAsync(int batchSize, Action<SubscriptionOptions>? configure = null) => TestService.StartAsync(carillon => carillon
        .Subscription(subscription =>
        {
            subscription.Concurrency = 1;
            subscription.Retry(retry => retry.DoNotRetry<FormatException>());
            configure?.Invoke(subscription);
        })
        .On<WalkEnded>(end => _ended.Enqueue(end.Walker))
        .AddHandler(new BatchHandlerDefinition<StepTaken>(
            "Batch", new MessageDefinition<StepTaken>("step.taken", MessageKind.Event, step => step.Walker), batchSize, async (batch, _, _) =>
            {
                _batches.Enqueue([.. batch.Select(step => $"{step.Walker}{step.Number}")]);
                _entered.TrySetResult();
                await _gate.Task;
            })));

    private async Task BeginAsync(TestService service)
    {
        await service.Bus.PublishAsync(new StepTaken("first", 0), Cancellation);
        await _entered.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    private async Task GoOnAsync(TestService service, int held)
    {
        await Eventually.IsTrueAsync(() => service.InFlight == held);
        _gate.SetResult();
    }

    private async Task WaitBehindTheFirstAsync(TestService service, params (string Walker, int Number)[] steps)
    {
        await BeginAsync(service);
        foreach (var (walker, number) in steps)
            await service.Bus.PublishAsync(new StepTaken(walker, number), Cancellation);
        await GoOnAsync(service, steps.Length + 1);
    }
}
