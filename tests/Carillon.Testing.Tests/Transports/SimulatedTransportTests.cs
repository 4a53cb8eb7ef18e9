using Carillon.Testing.Network;
using Carillon.Testing.Tests.Worlds;
using Carillon.Testing.Transports;
using Carillon.Transports;

namespace Carillon.Testing.Tests.Transports;

public sealed class SimulatedTransportTests
{
    private readonly World _world = new(seed: 3, hostility: 0);

    [Fact]
    public void Send_ShouldSayThatTheOutcomeIsUnknown_WhenNoAnswerCame() => StepContext.Run(_world.Clock, async () =>
    {
        var link = new HostileLink(_world.Clock, new Random(1), hostility: 0) { IsCut = true };
        await using var sender = await Open(link, isOutbox: false).OpenSenderAsync(CancellationToken.None);

        var error = await Assert.ThrowsAsync<PublishFailedException>(async () => await sender.SendAsync(new[] { _world.Next("k") }, CancellationToken.None));

        Assert.Equal((ErrorCodes.PublishFailed, true), (error.Code, error.IsOutcomeUnknown));
    });

    [Fact]
    public async Task Send_ShouldTakeACommandThatNobodyHandles_WhenTheLogIsAnOutbox()
    {
        Envelope[] batch = [_world.Next("k") with { Kind = MessageKind.Command }];
        await using var sender = await Open(Direct(TimeProvider.System), isOutbox: true).OpenSenderAsync(TestContext.Current.CancellationToken);

        Assert.Empty(await sender.SendAsync(batch, TestContext.Current.CancellationToken) ?? []);

        Assert.Single(_world.Log.Messages);
    }

    [Fact]
    public async Task FindOldestUnsent_ShouldTellTheTimeOfTheProcess_WhenTheServersClockIsAnother()
    {
        var outbox = Open(Direct(TimeProvider.System), isOutbox: true);
        var relay = new SubscriptionTopology { Name = "shop:outbox", Service = "shop", Topics = [], Source = "/services/sender" };
        await outbox.EnsureTopologyAsync(new Topology("shop", [relay]), TestContext.Current.CancellationToken);
        Assert.Null(await outbox.FindOldestUnsentAsync("shop", TestContext.Current.CancellationToken));
        _world.Log.AppendUnchecked([_world.Next("k")]);

        var oldest = await outbox.FindOldestUnsentAsync("shop", TestContext.Current.CancellationToken);

        Assert.InRange(TimeProvider.System.GetUtcNow() - oldest!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void EnsureTopology_ShouldTryAgain_WhenTheServerIsAwayAtFirst() => StepContext.Run(_world.Clock, async () =>
    {
        var link = new HostileLink(_world.Clock, new Random(1), hostility: 0) { IsCut = true };
        var stock = World.Orders with { Name = "stock", Service = "stock" };
        var ensuring = Open(link, isOutbox: false).EnsureTopologyAsync(new Topology("stock", [stock]), CancellationToken.None).AsTask();
        await Wait.ForAsync(10_000, _world.Clock);
        Assert.False(ensuring.IsCompleted);

        link.IsCut = false;
        await ensuring;

        Assert.Equal(16, _world.Log.Cursors("stock").Count);
    });

    private static DirectLink Direct(TimeProvider time) => new(time, new Random(1));

    private SimulatedTransport Open(ILink link, bool isOutbox) => new(link, _world.Log, isOutbox, new SimulatedTransportOptions());
}
