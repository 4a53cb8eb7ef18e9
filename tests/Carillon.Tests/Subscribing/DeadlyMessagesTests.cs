using Carillon.Conformance.Waiting;
using Carillon.InMemory;
using Carillon.Subscribing;
using Carillon.Tests.Hosting;
using Carillon.Tests.Parking;
using Carillon.Transports;

namespace Carillon.Tests.Subscribing;

/// <summary>Who is accused of the death of a process, and who is not (G5).</summary>
public sealed class DeadlyMessagesTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly InMemoryParkingStore _store;

    public DeadlyMessagesTests() => _store = new InMemoryParkingStore(_time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task IsSuspect_ShouldBeFalse_WhenThePartitionWasGivenBack()
    {
        var deadly = await StartAsync(isFromTheDead: false);

        Assert.False(deadly.IsSuspect(new TestDelivery("a")));
    }

    [Fact]
    public async Task IsSuspect_ShouldEnd_WhenAsManyHaveBegunAsTheDeadMayHaveHad()
    {
        var deadly = await StartAsync(suspects: 2);

        Assert.Equal(0, await deadly.BeginAsync(new TestDelivery("a"), Cancellation));
        Assert.True(deadly.IsSuspect(new TestDelivery("b")));
        Assert.Equal(0, await deadly.BeginAsync(new TestDelivery("b"), Cancellation));

        Assert.False(deadly.IsSuspect(new TestDelivery("c")));
    }

    [Fact]
    public async Task BeginAsync_ShouldGiveTheMessageUp_WhenAsManyHaveDiedAsAllowed()
    {
        var message = new TestDelivery("a");
        Assert.Equal(0, await (await StartAsync()).BeginAsync(message, Cancellation));
        Assert.Equal(1, await InTimeAsync((await StartAsync()).BeginAsync(message, Cancellation)));

        Assert.Null(await (await StartAsync()).BeginAsync(message, Cancellation));
    }

    [Fact]
    public async Task BeginAsync_ShouldAccuseNobodyWhoWaits_WhenTheProcessDiesOfAnother()
    {
        var (one, other) = (new TestDelivery("a"), new TestDelivery("b"));
        var first = await StartAsync();
        await first.BeginAsync(one, Cancellation);
        await first.BeginAsync(other, Cancellation);

        var second = await StartAsync();
        Assert.Equal(1, await InTimeAsync(second.BeginAsync(one, Cancellation)));
        var waiting = second.BeginAsync(other, Cancellation).AsTask();
        Assert.False(waiting.IsCompleted);

        var third = await StartAsync();
        Assert.Null(await third.BeginAsync(one, Cancellation));
        Assert.Equal(1, await InTimeAsync(third.BeginAsync(other, Cancellation)));
    }

    [Fact]
    public async Task EndAsync_ShouldForgetTheMessage_WhenItsHandlerHasEnded()
    {
        var message = new TestDelivery("a");
        for (var life = 0; life < 5; life++)
        {
            var deadly = await StartAsync();
            Assert.Equal(0, await deadly.BeginAsync(message, Cancellation));
            await deadly.EndAsync(message, 0, Cancellation);
        }
    }

    private async Task<int?> InTimeAsync(ValueTask<int?> beginning)
    {
        var began = beginning.AsTask();
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return began.IsCompleted;
        });
        return await began;
    }

    /// <summary>One more process, after the one before has died.</summary>
    private async Task<DeadlyMessages> StartAsync(bool isFromTheDead = true, int suspects = 10)
    {
        var parking = TestParking.Open("shop", _store, new SubscriptionOptions(), _time, _log);
        AssignedPartition[] partitions = [new(Partitions.Whole) { IsFromTheDead = isFromTheDead }];
        await parking.AssignAsync(partitions, Cancellation);
        var deadly = new DeadlyMessages("shop", _store, parking, mostDeaths: 3, suspects, new LoneTurn(_time), _log);
        deadly.Assign(partitions);
        return deadly;
    }
}
