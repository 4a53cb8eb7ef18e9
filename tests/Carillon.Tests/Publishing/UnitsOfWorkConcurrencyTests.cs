using Carillon.Durability;
using Carillon.InMemory;
using Carillon.Scheduling;
using Carillon.Tests.Durability;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Publishing;

/// <summary>A bus inside a unit of work, used by many at once.</summary>
public sealed class UnitsOfWorkConcurrencyTests
{
    private const int Messages = 4_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommitAsync_ShouldStoreEveryMessage_WhenTheyArePublishedFromManyThreads()
    {
        var store = new InMemoryStore();
        await using var service = await TestService.StartAsync((ICarillonBuilder carillon) => carillon
            .UseStorePart<IUnitOfWorkStore>(services =>
            {
                store.Broker = services.GetRequiredService<InMemoryBroker>();
                return store;
            })
            .UseStorePart<ISchedule>(_ => store));
        for (var round = 0; round < 5; round++)
        {
            await using var work = await service.Bus.BeginAsync(cancellation: Cancellation);
            await Task.WhenAll(Enumerable.Range(0, Messages).Select(async number =>
            {
                await Task.Yield();
                await PublishAsync(service.Bus, number);
            }));
            await work.CommitAsync(Cancellation);
        }

        // Of ten calls one publishes a pair, and one schedules.
        Assert.Equal(5 * Messages, store.Steps.Where(step => step.StartsWith("append", StringComparison.Ordinal)).Sum(step => int.Parse(step[7..], null)));
        Assert.Equal(5 * Messages / 10, store.Scheduled.Count);
    }

    private static async ValueTask PublishAsync(IEventBus bus, int number)
    {
        if (number % 10 == 0)
            await bus.PublishBatchAsync([new StepTaken("w", number), new StepTaken("w", -number)], cancellation: Cancellation);
        else if (number % 10 == 1)
            await bus.ScheduleAsync(new StepTaken("w", number), DateTimeOffset.MaxValue, cancellation: Cancellation);
        else
            await bus.PublishAsync(new StepTaken("w", number), Cancellation);
    }
}
