using Carillon.Subscribing;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.Subscribing;

/// <summary>Who waits lends the place, and no more work at a time than there are places.</summary>
public sealed class LaneWorkersTests : IDisposable
{
    private const int Places = 3;
    private readonly RecordingLog _log = new();
    private readonly LaneScheduler _scheduler = new();
    private readonly DeliveryBudget _budget = new(100_000, 1 << 20);
    private readonly WaitingLaneHandler _handler;
    private readonly LaneWorkers _workers;

    public LaneWorkersTests()
    {
        _handler = new WaitingLaneHandler(_scheduler, _budget);
        _workers = new LaneWorkers("shop", _scheduler, Places, others => new LaneWorker(_scheduler, _handler, others), _log);
    }

    [Fact]
    public async Task Lend_ShouldLetOthersWork_WhenMoreWaitThanThereArePlaces()
    {
        _workers.Start();
        var waiting = Deliver("waits", 20);
        await Eventually.IsTrueAsync(() => _handler.Waiting == 20);

        var working = Deliver("works", 500);
        await Eventually.IsTrueAsync(() => working.All(static delivery => delivery.Acknowledged == 1));
        Assert.All(waiting, static delivery => Assert.Equal(0, delivery.Acknowledged));
        _handler.EndWaiting();

        await Eventually.IsTrueAsync(() => waiting.All(static delivery => delivery.Acknowledged == 1));
        var after = Deliver("works", 500);
        await Eventually.IsTrueAsync(() => after.All(static delivery => delivery.Acknowledged == 1));
        Assert.InRange(_handler.MostAtOnce, 2, Places);
    }

    [Fact]
    public async Task TakeBackAsync_ShouldLeaveAsManyWorkersAsPlaces_WhenPatienceEndsWhileAllAreBusy()
    {
        var (waiting, busy) = await WantPlacesBackAsync();
        await Eventually.IsTrueAsync(() => _handler.Waiting == 0);

        var revocation = _scheduler.Withdraw(static lane => lane.Key!.StartsWith("waits", StringComparison.Ordinal));
        foreach (var worker in revocation.Busy.Select(static lane => lane.Runner!))
            worker.Waiting.Cancel();
        await revocation.WaitAsync();
        _handler.EndBlocking();

        await Eventually.IsTrueAsync(() => busy.All(static delivery => delivery.Acknowledged == 1) && waiting.All(static delivery => delivery.Returned == 1));
        var after = Deliver("works", 500);
        await Eventually.IsTrueAsync(() => after.All(static delivery => delivery.Acknowledged == 1));
        Assert.InRange(_handler.MostAtOnceSince, 1, Places);
    }

    [Fact]
    public async Task Close_ShouldLetThemGoOn_WhenTheyWantTheirPlaceBack()
    {
        var (waiting, busy) = await WantPlacesBackAsync();

        _scheduler.Close();

        await Eventually.IsTrueAsync(() => waiting.All(static delivery => delivery.Acknowledged == 1));
        _handler.EndBlocking();
        await Eventually.IsTrueAsync(() => busy.All(static delivery => delivery.Acknowledged == 1));
    }

    [Fact]
    public async Task CheckHealth_ShouldBeUnhealthyAndOthersGoOn_WhenAWorkerBreaks()
    {
        _workers.Start();
        Assert.Empty(_workers.CheckHealth());

        Deliver("breaks", Places);
        var working = Deliver("works", 50);

        await Eventually.IsTrueAsync(() => working.All(static delivery => delivery.Acknowledged == 1));
        await Eventually.IsTrueAsync(() => _log.Of(1229).Count == Places);
        var finding = Assert.Single(_workers.CheckHealth());
        Assert.Equal((HealthSeverity.Unhealthy, "broken"), (finding.Severity, finding.Error?.Message));
    }

    public void Dispose() => _log.Dispose();

    /// <summary>More than there are places have waited and want to go on, while others have all places and do not end.</summary>
    private async Task<(TestDelivery[] Waiting, TestDelivery[] Busy)> WantPlacesBackAsync()
    {
        _workers.Start();
        var waiting = Deliver("waits", Places + 1);
        await Eventually.IsTrueAsync(() => _handler.Waiting == Places + 1);
        var busy = Deliver("blocks", Places);
        await Eventually.IsTrueAsync(() => _handler.Blocked == Places);
        _handler.EndWaiting();
        return (waiting, busy);
    }

    private TestDelivery[] Deliver(string what, int count)
    {
        TestDelivery[] deliveries = [.. Enumerable.Range(0, count).Select(number => new TestDelivery($"{what}-{number}"))];
        foreach (var delivery in deliveries)
        {
            _budget.Take(delivery.Envelope);
            _scheduler.Add(delivery);
        }

        return deliveries;
    }
}
