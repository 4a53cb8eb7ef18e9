using System.Collections.Concurrent;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.Parking;

/// <summary>One failing key among a thousand: what becomes of it is the policy's business, and nobody else notices.</summary>
public sealed class DeadLetterPolicyTests
{
    private const int Keys = 1_000;
    private const int Steps = 10;
    private readonly ConcurrentQueue<StepTaken> _handled = new();
    private bool _isMended;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DeadLetterPolicy.ParkKey)]
    [InlineData(DeadLetterPolicy.Skip)]
    [InlineData(DeadLetterPolicy.StopKey)]
    public async Task OtherKeys_ShouldBeHandledOnceAndInOrder_WhenOneKeyFails(DeadLetterPolicy policy)
    {
        await using var service = await StartAsync(policy);

        await PublishAsync(service);

        await Eventually.IsTrueAsync(() => _handled.Count(step => step.Walker != "k500") == (Keys - 1) * Steps);
        foreach (var steps in _handled.Where(step => step.Walker != "k500").GroupBy(step => step.Walker))
            Assert.Equal(Enumerable.Range(0, Steps), steps.Select(step => step.Number));
    }

    [Fact]
    public async Task FailingKey_ShouldGoOnWithoutTheMessage_WhenThePolicyIsToSkip()
    {
        await using var service = await StartAsync(DeadLetterPolicy.Skip);

        await PublishAsync(service);

        await Eventually.IsTrueAsync(() => StepsOf("k500").Count() == Steps - 1);
        Assert.Equal(Enumerable.Range(1, Steps - 1), StepsOf("k500"));
        await TheOnlyDeadLetterAsync(service, letter => letter is { Waiting: 0, Code: ErrorCodes.HandlerFailed });
    }

    [Fact]
    public async Task FailingKey_ShouldWaitForAPerson_WhenThePolicyIsToParkTheKey()
    {
        await using var service = await StartAsync(DeadLetterPolicy.ParkKey);
        await PublishAsync(service);
        var dead = await TheOnlyDeadLetterAsync(service, letter => letter is { Waiting: Steps - 1, Code: ErrorCodes.HandlerFailed });

        Volatile.Write(ref _isMended, true);
        await service.Bus.PublishAsync(new StepTaken("other", 1), Cancellation);
        await Eventually.IsTrueAsync(() => StepsOf("other").Any());
        Assert.Empty(StepsOf("k500"));
        await service.DeadLetters.ReplayAsync(dead.Id, Cancellation);

        await Eventually.IsTrueAsync(() => StepsOf("k500").Count() == Steps);
        Assert.Equal(Enumerable.Range(0, Steps), StepsOf("k500"));
    }

    [Fact]
    public async Task FailingKey_ShouldGoOnByItself_WhenThePolicyIsToStopTheKeyAndTheHandlerIsMended()
    {
        await using var service = await StartAsync(DeadLetterPolicy.StopKey);
        await PublishAsync(service);
        var standing = await TheOnlyDeadLetterAsync(service, letter => letter is { Waiting: Steps - 1, Attempts.Count: > 12 });

        Assert.Equal(ErrorCodes.KeyStopped, standing.Code);
        Assert.StartsWith($"{ErrorCodes.HandlerFailed}: On(StepTaken) threw System.InvalidOperationException", standing.Reason, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, standing.Attempts.Count), standing.Attempts.Select(attempt => attempt.Number));
        Assert.Empty(StepsOf("k500"));
        Volatile.Write(ref _isMended, true);

        await Eventually.IsTrueAsync(() => StepsOf("k500").Count() == Steps);
        Assert.Equal(Enumerable.Range(0, Steps), StepsOf("k500"));
        await Eventually.IsTrueAsync(async () => await service.DeadLetters.CountAsync(new DeadLetterQuery(), Cancellation) == 0);
    }

    [Fact]
    public async Task FailingKey_ShouldGoOnWithoutTheMessage_WhenThePolicyIsToStopTheKeyAndItIsDiscarded()
    {
        await using var service = await StartAsync(DeadLetterPolicy.StopKey);
        await PublishAsync(service);

        await Eventually.IsTrueAsync(async () =>
        {
            if (await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation) is not [{ Waiting: Steps - 1 } standing])
                return false;
            try
            {
                await service.DeadLetters.DiscardAsync(standing.Id, Cancellation);
                return true;
            }
            catch (CarillonException error) when (error.Code == ErrorCodes.DeadLetterNotFound)
            {
                return false;
            }
        });

        await Eventually.IsTrueAsync(() => StepsOf("k500").Count() == Steps - 1);
        Assert.Equal(Enumerable.Range(1, Steps - 1), StepsOf("k500"));
    }

    private IEnumerable<int> StepsOf(string walker) => _handled.Where(step => step.Walker == walker).Select(step => step.Number);

    private Task<TestService> StartAsync(DeadLetterPolicy policy) => TestService.StartAsync(carillon => carillon
        .Subscription(subscription =>
        {
            subscription.DeadLetters = policy;
            subscription.Retries.ImmediateAttempts = 2;
            subscription.Retries.ImmediateDelay = TimeSpan.FromMilliseconds(1);
            subscription.Retries.DelayedAttempts = 1;
            subscription.Retries.FirstDelay = TimeSpan.FromMilliseconds(10);
            subscription.Retries.MaxDelay = TimeSpan.FromMilliseconds(50);
        })
        .On<StepTaken>(step =>
        {
            if (step is { Walker: "k500", Number: 0 } && !Volatile.Read(ref _isMended))
                throw new InvalidOperationException("the other service is away");
            _handled.Enqueue(step);
        }));

    private static Task PublishAsync(TestService service) => service.Bus.PublishBatchAsync(
        [.. Enumerable.Range(0, Steps).SelectMany(number => Enumerable.Range(0, Keys).Select(key => new StepTaken($"k{key}", number)))],
        cancellation: Cancellation).AsTask();

    private static async Task<DeadLetter> TheOnlyDeadLetterAsync(TestService service, Func<DeadLetter, bool> condition)
    {
        DeadLetter? dead = null;
        await Eventually.IsTrueAsync(async () =>
            await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation) is [var only] && condition(dead = only));
        return dead!;
    }
}
