using System.Diagnostics;
using System.Reflection;
using Carillon.InMemory;

namespace Carillon.Tests.InMemory;

/// <summary>What a message costs on its way through the in-memory transport, once everything is warm. Alone, because it counts the bytes of the process.</summary>
[Collection(nameof(InMemoryAllocationTests))]
[CollectionDefinition(nameof(InMemoryAllocationTests), DisableParallelization = true)]
public sealed class InMemoryAllocationTests
{
    private const int Batch = 100;
    private const int Rounds = 200;

    private static bool IsOptimized =>
        typeof(InMemoryTransport).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };

    // The smallest object has 24 bytes: less than one byte for each message is what else the process does meanwhile.
    private const double Noise = 1;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Send_ShouldAllocateNothing_WhenReceiversKeepUp(int subscriptions)
    {
        var perMessage = await MeasureAsync(subscriptions, new InMemoryOptions());

        Assert.True(perMessage < Noise, $"{perMessage:F2} bytes were allocated for each message");
    }

    [Fact]
    public async Task Send_ShouldAllocateNothing_WhenItWaitsForRoom()
    {
        // In a debug build the compiler makes a class of every state machine: the two of a sender that waits.
        var allowed = IsOptimized ? Noise : 20;

        var perMessage = await MeasureAsync(subscriptions: 1, new InMemoryOptions { CapacityMessages = 40 });

        Assert.True(perMessage < allowed, $"{perMessage:F2} bytes were allocated for each message");
    }

    // The best of several runs: in the others something grew to its final size, or the test runner itself did something.
    private static async Task<double> MeasureAsync(int subscriptions, InMemoryOptions options)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        await using var line = await InMemoryLine.OpenAsync(subscriptions, options);
        var batch = Enumerable.Range(0, Batch).Select(number => InMemoryLine.Message($"key-{number % 10}")).ToArray();
        var least = double.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(line, batch);
            least = Math.Min(least, (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / (Batch * Rounds));
        }

        return least;
    }

    // The backlog stays short: a long one would make the queues grow, which is not the steady state.
    private static async Task RunAsync(InMemoryLine line, Envelope[] batch)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var round = 0; round < Rounds; round++)
        {
            await line.Sender.SendAsync(batch, CancellationToken.None);
            while (line.Held > 10 * Batch)
            {
                if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(60))
                    Assert.Fail($"{line.Held} messages are still held");
                await Task.Yield();
            }
        }
    }
}
