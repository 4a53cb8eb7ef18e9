using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Tests.Scheduling;

public sealed class SimulationSchedulerTests
{
    private readonly SimulationScheduler _scheduler = new(new SeededRandom(1));
    private readonly List<int> _done = [];

    [Fact]
    public void TryStep_ShouldDoEverythingInAnOrderOfTheSeed_WhenMuchIsReady()
    {
        var orders = Enumerable.Range(0, 20).Select(seed => string.Join(' ', RunTen((ulong)seed))).ToList();

        Assert.All(orders, order => Assert.Equal(Enumerable.Range(0, 10), order.Split(' ').Select(int.Parse).Order()));
        Assert.True(orders.Distinct().Count() > 15);
        Assert.Equal(orders[7], string.Join(' ', RunTen(7)));
    }

    [Fact]
    public void TryStep_ShouldMoveTimeToTheNextTimer_WhenNothingIsReady()
    {
        var owner = new WorkOwner(_scheduler, 0, "one");
        var began = _scheduler.NowTicks;
        foreach (var seconds in new[] { 30, 10, 20 })
            _scheduler.Schedule(owner, TimeSpan.FromSeconds(seconds), _ => _done.Add(seconds), null);
        _scheduler.Schedule(owner, TimeSpan.FromSeconds(5), _ => _done.Add(5), null).Dispose();

        while (_scheduler.TryStep(began + TimeSpan.FromSeconds(25).Ticks))
        {
            // One after the other.
        }

        Assert.Equal([10, 20], _done);
        Assert.Equal(TimeSpan.FromSeconds(25), TimeSpan.FromTicks(_scheduler.NowTicks - began));
    }

    [Fact]
    public void Schedule_ShouldGoOffAgainAndAgain_WhenATimerHasAPeriod()
    {
        var owner = new WorkOwner(_scheduler, 0, "one");
        var end = _scheduler.NowTicks + TimeSpan.FromSeconds(5.5).Ticks;
        using var timer = owner.Clock.CreateTimer(_ => _done.Add(1), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        while (_scheduler.TryStep(end))
        {
            // One after the other.
        }

        Assert.Equal(5, _done.Count);
    }

    [Fact]
    public void Post_ShouldStopTheSimulation_WhenItComesFromAnotherThread()
    {
        var owner = new WorkOwner(_scheduler, 0, "one");
        var thread = new Thread(() => _scheduler.Post(owner, static _ => { }, null));
        thread.Start();
        thread.Join();

        var error = Assert.Throws<InvalidOperationException>(() => _scheduler.TryStep(long.MaxValue));

        Assert.Contains("ConfigureAwait(false)", error.Message, StringComparison.Ordinal);
    }

    private static List<int> RunTen(ulong seed)
    {
        var scheduler = new SimulationScheduler(new SeededRandom(seed));
        var owner = new WorkOwner(scheduler, 0, "one");
        var done = new List<int>();
        foreach (var number in Enumerable.Range(0, 10))
            scheduler.Post(owner, _ => done.Add(number), null);
        while (scheduler.TryStep(long.MaxValue))
        {
            // One after the other.
        }

        return done;
    }
}
