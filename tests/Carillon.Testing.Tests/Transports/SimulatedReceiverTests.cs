using Carillon.Testing.Network;
using Carillon.Testing.Tests.Worlds;
using Carillon.Transports;

namespace Carillon.Testing.Tests.Transports;

public sealed class SimulatedReceiverTests
{
    private readonly World _world = new(seed: 7, hostility: 0);

    [Fact]
    public void Receive_ShouldGivePartitionsUpBeforeOthersBegin_WhenTheProcessIsCutOff() => Run(async () =>
    {
        var first = await Instance.StartAsync(_world, 1);
        first.Sink.Hangs = true;
        _world.Log.Append([_world.Next("k"), _world.Next("k"), _world.Next("l")]);
        await UntilAsync(() => first.Sink.Held == 3, "the messages to be in hand");

        first.Link.IsCut = true;
        var second = await Instance.StartAsync(_world, 2);
        await UntilAsync(() => first.Sink.AssignedCount == 0, "the partitions to be given up");
        Assert.Equal(0, second.Sink.Held);
        Assert.Equal((3, 3, 0), (first.Balance.HandedOver, first.Balance.Stale, first.Balance.Open));

        await _world.HandleAllAsync();
        await second.StopAsync();
        await first.StopAsync();
        _world.AssertHandled();
    });

    [Fact]
    public void Acknowledge_ShouldHaveNoEffect_WhenTheServerGaveThePartitionAway() => Run(async () =>
    {
        var instance = await Instance.StartAsync(_world, 1);
        instance.Link.Lost = ServerOperation.MoveCursor;
        _world.Log.Append([_world.Next("k")]);
        await UntilAsync(() => instance.Balance.Acknowledged == 1, "the message to be acknowledged");

        _world.Log.ExpireLease("orders", Partitions.Of("k", 16));
        instance.Link.Lost = null;
        await UntilAsync(() => instance.Balance.Acknowledged == 2, "the message to be handled again");
        await _world.HandleAllAsync();

        Assert.Equal(2, _world.Ledger.Completed);
        await instance.StopAsync();
    });

    [Fact]
    public void Acknowledge_ShouldWriteTheCursorInTheEnd_WhenWritingFailsForAWhile() => Run(async () =>
    {
        var instance = await Instance.StartAsync(_world, 1);
        instance.Link.Lost = ServerOperation.MoveCursor;
        _world.Log.Append([_world.Next("k"), _world.Next("l"), _world.Next("m")]);
        await UntilAsync(() => instance.Balance.Acknowledged == 3, "the messages to be acknowledged");
        await Wait.ForAsync(5000, _world.Clock);
        Assert.Equal(3, _world.Log.Outstanding("orders").Count);

        instance.Link.Lost = null;
        await _world.HandleAllAsync();

        Assert.Equal((3, 0), (instance.Balance.HandedOver, _world.Log.RefusedMoves));
        await instance.StopAsync();
    });

    [Fact]
    public void Receive_ShouldKeepItsPartitions_WhenRenewalsFailForLessThanTheLease() => Run(async () =>
    {
        var first = await Instance.StartAsync(_world, 1);
        var second = await Instance.StartAsync(_world, 2);
        await UntilAsync(() => first.Sink.AssignedCount == 8 && second.Sink.AssignedCount == 8, "both to have their share");
        var owners = Owners();

        first.Link.Lost = ServerOperation.Lease;
        await Wait.ForAsync(4500, _world.Clock);
        first.Link.Lost = null;
        await Wait.ForAsync(20_000, _world.Clock);

        Assert.Equal(owners, Owners());
        await first.StopAsync();
        await second.StopAsync();
    });

    [Fact]
    public void Stop_ShouldKeepTheLease_WhenHandlersTakeLonger() => Run(async () =>
    {
        var instance = await Instance.StartAsync(_world, 1);
        instance.Sink.Hangs = true;
        _world.Log.Append([_world.Next("k")]);
        await UntilAsync(() => instance.Sink.Held == 1, "the message to be in hand");

        await instance.StopReceivingAsync();
        await Wait.ForAsync(60_000, _world.Clock);
        Assert.Equal((16, 0), (instance.Sink.AssignedCount, instance.Balance.Stale));
        Assert.All(Owners(), owner => Assert.Equal(instance.Balance.Instance, owner.Owner));

        await instance.StopAsync();
        Assert.Equal(1, instance.Balance.Returned);
    });

    [Fact]
    public void Dispose_ShouldEnd_WhenTheServerIsGone() => Run(async () =>
    {
        var instance = await Instance.StartAsync(_world, 1);
        _world.Log.Append([_world.Next("k")]);
        await _world.HandleAllAsync();
        var before = _world.Clock.GetTimestamp();

        instance.Link.IsCut = true;
        await instance.StopAsync();

        Assert.InRange(_world.Clock.GetElapsedTime(before), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    });

    [Fact]
    public void Dispose_ShouldLetOthersBeginAtOnce_WhenTheServerHearsOfIt() => Run(async () =>
    {
        var first = await Instance.StartAsync(_world, 1);
        var second = await Instance.StartAsync(_world, 2);
        await UntilAsync(() => second.Sink.AssignedCount == 8, "a share of the partitions");
        var before = _world.Clock.GetTimestamp();

        await first.StopAsync();
        await UntilAsync(() => second.Sink.AssignedCount == 16, "all partitions");

        Assert.InRange(_world.Clock.GetElapsedTime(before), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await second.StopAsync();
    });

    [Fact]
    public void Settle_ShouldThrow_WhenADeliveryIsSettledTwice() => Run(async () =>
    {
        var instance = await Instance.StartAsync(_world, 1);
        instance.Sink.Hangs = true;
        _world.Log.Append([_world.Next("k")]);
        await UntilAsync(() => instance.Sink.Held == 1, "the message to be in hand");
        var delivery = instance.Sink.Running[0];
        await instance.StopAsync();

        Assert.Throws<InvalidOperationException>(delivery.Acknowledge);
        Assert.Throws<InvalidOperationException>(delivery.Return);
        Assert.Equal((1, 0), (instance.Balance.Returned, instance.Balance.Open));
    });

    private void Run(Func<Task> scenario) => StepContext.Run(_world.Clock, scenario);

    private Task UntilAsync(Func<bool> condition, string what) => Wait.UntilAsync(condition, _world.Clock, () => what);

    private (string? Owner, long Epoch)[] Owners() => [.. Enumerable.Range(0, 16).Select(partition => _world.Log.FindOwner("orders", partition))];
}
