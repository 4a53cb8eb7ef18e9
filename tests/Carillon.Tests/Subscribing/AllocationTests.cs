using Carillon.Events;
using Carillon.Serialization;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.Subscribing;

/// <summary>Runs alone: it counts the bytes of the whole process.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTests
{
    private const int Events = 20_000;

    // A longer backlog makes the transport's queues grow, which is not the steady path.
    private const int Backlog = 500;

    // The context of the run, and that it is the ambient one.
    private const int BytesOfARun = 231;

    private static int _handled;

    [Theory]
    [InlineData(null)]
    [InlineData("walker-1")]
    public async Task PublishToHandler_ShouldAllocateOnlyTheEventItsBodyAndItsRun_WhenRunningSteadily(string? key)
    {
        await using var service = await TestService.StartAsync(carillon => carillon.AddHandler(new HandlerDefinition<StepTaken>(
            "Count", AttributedMessage.Define<StepTaken>(), static (_, _, _) =>
            {
                Interlocked.Increment(ref _handled);
                return ValueTask.CompletedTask;
            })));
        for (var round = 0; round < 5; round++)
            await PublishAsync(service, key);

        var framework = await MeasureAsync(() => PublishAsync(service, key));
        var eventAndBody = await MeasureAsync(() => MakeEventsAndBodies(key));

        var beyond = (framework - eventAndBody) / (double)Events;
        Assert.True(beyond <= BytesOfARun, $"{beyond:F2} bytes per event beyond the event and its body ({framework / Events} against {eventAndBody / Events})");
    }

    private static async Task<long> MeasureAsync(Func<Task> run)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await run();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }

    private static async Task PublishAsync(TestService service, string? key)
    {
        var bus = service.Bus;
        Volatile.Write(ref _handled, 0);
        for (var number = 0; number < Events; number++)
        {
            await bus.PublishAsync(new StepTaken(key, number));
            while (number - Volatile.Read(ref _handled) > Backlog)
                await Task.Yield();
        }

        while (Volatile.Read(ref _handled) < Events)
            await Task.Yield();
    }

    private static Task MakeEventsAndBodies(string? key)
    {
        var definition = AttributedMessage.Define<StepTaken>();
        var serializer = new JsonMessageSerializer(new MessageJsonOptions(), new EnvelopeLimits());
        for (var number = 0; number < Events; number++)
            serializer.Deserialize(definition, serializer.Serialize(definition, new StepTaken(key, number)));
        return Task.CompletedTask;
    }
}
