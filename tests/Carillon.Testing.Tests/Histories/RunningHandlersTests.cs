using Carillon.Testing.Histories;
using Carillon.Testing.Processes;
using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Tests.Histories;

public sealed class RunningHandlersTests
{
    private readonly SimulationScheduler _scheduler = new(new SeededRandom(1));
    private readonly RunningHandlers _running = new();

    [Fact]
    public void Begin_ShouldNoteAnOverlap_WhenAnotherOfTheKeyRuns()
    {
        var (first, second) = (NewId(1), NewId(2));
        using var one = _running.Begin("stock", "k", first, NewProcess());
        using var other = _running.Begin("stock", "k", second, NewProcess());

        Assert.Equal([new Overlap("stock", "k", second, first, _scheduler.NowTicks)], _running.Overlaps);
    }

    [Fact]
    public void Begin_ShouldNoteNothing_WhenTheOtherHasEnded()
    {
        _running.Begin("stock", "k", NewId(1), NewProcess()).Dispose();
        using var other = _running.Begin("stock", "k", NewId(2), NewProcess());

        Assert.Empty(_running.Overlaps);
    }

    [Fact]
    public void Begin_ShouldNoteNothing_WhenTheProcessOfTheOtherIsDead()
    {
        var process = NewProcess();
        _ = _running.Begin("stock", "k", NewId(1), process);
        process.Kill();
        using var other = _running.Begin("stock", "k", NewId(1), NewProcess());

        Assert.Empty(_running.Overlaps);
    }

    [Theory]
    [InlineData("stock", "l")]
    [InlineData("audit", "k")]
    public void Begin_ShouldNoteNothing_WhenKeyOrSubscriptionDiffers(string subscription, string key)
    {
        using var one = _running.Begin("stock", "k", NewId(1), NewProcess());
        using var other = _running.Begin(subscription, key, NewId(1), NewProcess());

        Assert.Empty(_running.Overlaps);
    }

    private static EventId NewId(byte number) => new(new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]));

    private SimulatedProcess NewProcess() => new(_scheduler, 1, "shop", new SeededRandom(2));
}
