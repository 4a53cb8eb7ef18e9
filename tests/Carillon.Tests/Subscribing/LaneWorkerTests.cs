using Carillon.Subscribing;

namespace Carillon.Tests.Subscribing;

public sealed class LaneWorkerTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly LaneScheduler _scheduler = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ShouldEnd_WhenTheSchedulerIsClosedWhileItWaits()
    {
        var running = new LaneWorker(_scheduler, new IdleLaneHandler()).RunAsync();
        Assert.False(running.IsCompleted);

        _scheduler.Close();

        await running.WaitAsync(_patience, Cancellation);
    }

    [Fact]
    public async Task RunAsync_ShouldHandleWhatIsLeftAndEnd_WhenTheSchedulerIsClosedBefore()
    {
        var budget = new DeliveryBudget(10, 1 << 20);
        var handler = new GatedLaneHandler(_scheduler, budget);
        var deliveries = new[] { new TestDelivery("a"), new TestDelivery("a"), new TestDelivery("b") };
        foreach (var delivery in deliveries)
            _scheduler.Add(delivery);
        _scheduler.Close();
        handler.Open();

        await new LaneWorker(_scheduler, handler).RunAsync().WaitAsync(_patience, Cancellation);

        Assert.All(deliveries, delivery => Assert.Equal(1, delivery.Acknowledged));
        Assert.Equal("gated", new LaneWorker(_scheduler, handler).Handler);
    }

    [Fact]
    public void Cancellation_ShouldBeANewOne_WhenTheLastWasUsed()
    {
        var worker = new LaneWorker(_scheduler, new IdleLaneHandler());
        var (first, patience) = (worker.Cancellation, worker.Patience);
        Assert.Equal((first, patience), (worker.Cancellation, worker.Patience));

        worker.TakeCancellation()!.Cancel();
        Assert.True(first.IsCancellationRequested);
        Assert.False(patience.IsCancellationRequested);
        worker.Waiting.Cancel();
        Assert.True(patience.IsCancellationRequested);

        Assert.False(worker.Cancellation.IsCancellationRequested);
        Assert.False(worker.Patience.IsCancellationRequested);
    }

    [Fact]
    public void TakeCancellation_ShouldNotConcernWhatBeginsLater_WhenItIsUsedLate()
    {
        var worker = new LaneWorker(_scheduler, new IdleLaneHandler());
        Assert.Null(worker.TakeCancellation());
        var first = worker.Cancellation;
        var taken = worker.TakeCancellation();
        var second = worker.Cancellation;

        taken!.Cancel();

        Assert.True(first.IsCancellationRequested);
        Assert.False(second.IsCancellationRequested);
    }
}
