using System.Collections.Concurrent;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.Parking;

/// <summary>What was replayed comes before what nobody had begun with, whatever became of the key meanwhile (G3).</summary>
public sealed class ReplayOrderTests
{
    private readonly ConcurrentQueue<int> _handled = new();
    private readonly ConcurrentDictionary<int, int> _attempts = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Replay_ShouldGoFirst_WhenTheMessageWasSkippedAndLaterOnesWait(int failures)
    {
        await using var service = await StartAsync(failures);
        await PublishAsync(service, 1, 2, 3, 4, 5);
        await _entered.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal([1], _handled);

        await service.DeadLetters.ReplayAsync((await TheLetterAsync(service)).Id, Cancellation);
        _gate.SetResult();

        await Eventually.IsTrueAsync(() => _handled.Count == 5);
        Assert.Equal([1, 3, 2, 4, 5], _handled);
    }

    [Fact]
    public async Task Replay_ShouldHoldUpWhatIsPublishedLater_WhenTheMessageFailsAgain()
    {
        _gate.SetResult();
        await using var service = await StartAsync(failures: 3);
        await PublishAsync(service, 1, 2, 3);
        await Eventually.IsTrueAsync(() => _handled.Count == 2);

        await service.DeadLetters.ReplayAsync((await TheLetterAsync(service)).Id, Cancellation);
        await PublishAsync(service, 4, 5);

        await Eventually.IsTrueAsync(() => _handled.Count == 5);
        Assert.Equal([1, 3, 2, 4, 5], _handled);
    }

    [Fact]
    public async Task Replay_ShouldGoFirst_WhenLaterMessagesOfItsKeyAreReplayedAlreadyAndWait()
    {
        await using var service = await StartAsync(failures: 0, alwaysOnce: true);
        await PublishAsync(service, 11, 12, 13, 14);
        IReadOnlyList<DeadLetter> letters = [];
        await Eventually.IsTrueAsync(async () => (letters = await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count == 4);

        await service.DeadLetters.ReplayAsync(letters[2].Id, Cancellation);
        await _entered.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        await service.DeadLetters.ReplayAsync(letters[3].Id, Cancellation);
        await service.DeadLetters.ReplayAsync(letters[1].Id, Cancellation);
        await Eventually.IsTrueAsync(() => service.InFlight == 2);
        await service.DeadLetters.ReplayAsync(letters[0].Id, Cancellation);
        await Eventually.IsTrueAsync(() => service.InFlight == 3);
        _gate.SetResult();

        await Eventually.IsTrueAsync(() => _handled.Count == 4);
        Assert.Equal([13, 11, 12, 14], _handled);
    }

    [Theory]
    [InlineData(DeadLetterPolicy.ParkKey)]
    [InlineData(DeadLetterPolicy.StopKey)]
    public async Task Replay_ShouldHandleTheMessage_WhenItHasExpiredAndHeldUpNothing(DeadLetterPolicy policy)
    {
        _gate.SetResult();
        await using var service = await StartAsync(failures: 0, policy);
        await service.Bus.PublishAsync(new StepTaken("w", 1), new PublishOptions { TimeToLive = TimeSpan.FromTicks(1) }, Cancellation);
        await PublishAsync(service, 3);
        await Eventually.IsTrueAsync(() => _handled.Count == 1);

        var letter = await TheLetterAsync(service);
        Assert.Equal((ErrorCodes.Expired, 0), (letter.Code, letter.Waiting));
        await service.DeadLetters.ReplayAsync(letter.Id, Cancellation);

        await Eventually.IsTrueAsync(() => _handled.Count == 2);
        Assert.Equal([3, 1], _handled);
        await Eventually.IsTrueAsync(async () => await service.DeadLetters.CountAsync(new DeadLetterQuery(), Cancellation) == 0);
    }

    private static async Task<DeadLetter> TheLetterAsync(TestService service)
    {
        IReadOnlyList<DeadLetter> letters = [];
        await Eventually.IsTrueAsync(async () => (letters = await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count == 1);
        return letters[0];
    }

    private static async Task PublishAsync(TestService service, params int[] numbers)
    {
        foreach (var number in numbers)
            await service.Bus.PublishAsync(new StepTaken("w", number), Cancellation);
    }

    private Task<TestService> StartAsync(int failures, DeadLetterPolicy policy = DeadLetterPolicy.Skip, bool alwaysOnce = false) => TestService.StartAsync(carillon => carillon
        .Subscription(subscription =>
        {
            subscription.DeadLetters = policy;
            subscription.Retries.ImmediateAttempts = 1;
            subscription.Retries.FirstDelay = TimeSpan.FromMilliseconds(50);
            subscription.Retry(retry => retry.DoNotRetry<FormatException>());
        })
        .On<StepTaken>(async (step, _) =>
        {
            if (alwaysOnce && _attempts.AddOrUpdate(step.Number, 1, static (_, attempts) => attempts + 1) == 1)
                throw new FormatException("It is never right.");
            if (step.Number is 3 or 13)
            {
                _entered.TrySetResult();
                await _gate.Task;
            }

            if (step.Number == 2 && _attempts.AddOrUpdate(2, 1, static (_, attempts) => attempts + 1) is var attempt && attempt <= failures)
                throw attempt == 1 ? new FormatException("It is never right.") : new InvalidOperationException("Not now.");
            _handled.Enqueue(step.Number);
        }));
}
