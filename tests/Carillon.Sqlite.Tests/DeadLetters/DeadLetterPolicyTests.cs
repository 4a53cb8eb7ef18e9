using System.Collections.Concurrent;
using Carillon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests.DeadLetters;

/// <summary>One failing key among a thousand, on a file: nobody else notices, and a key that stands still survives a restart.</summary>
public sealed class DeadLetterPolicyTests : IDisposable
{
    private const int Keys = 1_000;
    private const int Steps = 5;
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<WalkStep> _handled = new();
    private bool _isMended;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DeadLetterPolicy.ParkKey, 0)]
    [InlineData(DeadLetterPolicy.Skip, Steps - 1)]
    [InlineData(DeadLetterPolicy.StopKey, 0)]
    public async Task Keys_ShouldBeHandledAsThePolicySays_WhenOneOfThemFails(DeadLetterPolicy policy, int handledOfFailing)
    {
        using var host = await StartAsync(policy);

        await PublishAsync(host);

        await Eventually.IsTrueAsync(() => _handled.Count == ((Keys - 1) * Steps) + handledOfFailing, TimeSpan.FromSeconds(60));
        foreach (var steps in _handled.GroupBy(step => step.Walker))
            Assert.Equal(Enumerable.Range(steps.Key == "k500" ? 1 : 0, steps.Count()), steps.Select(step => step.Number));
        await HasDeadLetterAsync(host, letter => letter.Waiting == Steps - 1 - handledOfFailing);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task StoppedKey_ShouldGoOnByItself_WhenTheHandlerIsMendedAfterARestart()
    {
        using (var before = await StartAsync(DeadLetterPolicy.StopKey))
        {
            await PublishAsync(before);
            await HasDeadLetterAsync(before, letter => letter is { Code: ErrorCodes.KeyStopped, Waiting: Steps - 1, Attempts.Count: > 6 });
            await before.StopAsync(Cancellation);
        }

        Volatile.Write(ref _isMended, true);
        using var after = await StartAsync(DeadLetterPolicy.StopKey);

        await Eventually.IsTrueAsync(() => _handled.Count(step => step.Walker == "k500") == Steps);
        Assert.Equal(Enumerable.Range(0, Steps), _handled.Where(step => step.Walker == "k500").Select(step => step.Number));
        await Eventually.IsTrueAsync(async () => await after.Services.GetRequiredService<IDeadLetters>().CountAsync(new DeadLetterQuery(), Cancellation) == 0);
        await after.StopAsync(Cancellation);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<IHost> StartAsync(DeadLetterPolicy policy)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.AddCarillon("walks", carillon => carillon
            .UseSqlite(_folder.ConnectionString)
            .Subscription(subscription =>
            {
                subscription.DeadLetters = policy;
                subscription.Retries.ImmediateAttempts = 1;
                subscription.Retries.DelayedAttempts = 1;
                subscription.Retries.FirstDelay = TimeSpan.FromMilliseconds(10);
                subscription.Retries.MaxDelay = TimeSpan.FromMilliseconds(50);
            })
            .On<WalkStep>(step =>
            {
                if (step is { Walker: "k500", Number: 0 } && !Volatile.Read(ref _isMended))
                    throw new InvalidOperationException("the other service is away");
                _handled.Enqueue(step);
            }));
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }

    private static Task PublishAsync(IHost host) => host.Services.GetRequiredService<IEventBus>().PublishBatchAsync(
        [.. Enumerable.Range(0, Steps).SelectMany(number => Enumerable.Range(0, Keys).Select(key => new WalkStep($"k{key}", number)))],
        cancellation: Cancellation).AsTask();

    private static Task HasDeadLetterAsync(IHost host, Func<DeadLetter, bool> condition) => Eventually.IsTrueAsync(async () =>
        await host.Services.GetRequiredService<IDeadLetters>().ListAsync(new DeadLetterQuery(), Cancellation) is [var only] && condition(only));
}
