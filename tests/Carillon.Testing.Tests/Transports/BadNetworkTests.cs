using System.Globalization;
using Carillon.Testing.Tests.Worlds;

namespace Carillon.Testing.Tests.Transports;

/// <summary>Processes come, go, die and are cut off, on a network that loses, delays and repeats.</summary>
public sealed class BadNetworkTests
{
    /// <summary>How many seeds each case tries; more with CARILLON_TEST_SEEDS.</summary>
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("CARILLON_TEST_SEEDS") ?? "10", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(1000)]
    [InlineData(100_000)]
    [InlineData(200_000)]
    public void Receive_ShouldHandleEveryMessageInOrder_WhenNetworkIsBad(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + Seeds; seed++)
        {
            try
            {
                Run(seed);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Seed {seed}: {error.Message}", error);
            }
        }
    }

    private static void Run(int seed)
    {
        var world = new World(seed, hostility: 1);
        var instances = new List<Instance>();
        StepContext.Run(world.Clock, async () =>
        {
            instances.Add(await Instance.StartAsync(world, 0));
            var publishing = world.PublishAsync(batches: 150);
            for (var change = 1; change <= 12; change++)
            {
                await Wait.ForAsync(world.Random.Next(4000), world.Clock);
                await ChangeAsync(world, instances, change);
            }

            await publishing;
            instances.Add(await Instance.StartAsync(world, 100));
            await world.HandleAllAsync();
            foreach (var instance in instances.Where(instance => !instance.IsGone))
            {
                instance.Link.IsCut = false;
                await instance.StopAsync();
            }
        });
        world.AssertHandled();
        foreach (var instance in instances)
        {
            Assert.Equal([], instance.Sink.Faults);
            Assert.Null(instance.Balance.LastFailure);
            Assert.InRange(instance.Balance.MostOpen, 0, 20);
            if (!instance.Sink.IsDead)
                Assert.Equal(0, instance.Balance.Open);
        }
    }

    private static async Task ChangeAsync(World world, List<Instance> instances, int number)
    {
        var running = instances.Where(instance => !instance.IsGone).ToList();
        var some = running.Count == 0 ? null : running[world.Random.Next(running.Count)];
        switch (world.Random.Next(6))
        {
            case 0 when some is not null:
                await some.StopAsync();
                break;
            case 1 when some is not null:
                some.Die();
                break;
            case 2 or 3 when some is not null:
                some.Link.IsCut = !some.Link.IsCut;
                break;
            default:
                instances.Add(await Instance.StartAsync(world, number));
                break;
        }
    }
}
