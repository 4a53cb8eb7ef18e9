using Carillon.Testing.Logs;
using Carillon.Testing.Tests.Worlds;
using Carillon.Transports;

namespace Carillon.Testing.Tests.Logs;

public sealed class SimulatedLogTests
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);
    private static readonly Dictionary<int, long> Nothing = [];
    private readonly World _world = new(seed: 1, hostility: 0);

    private SimulatedLog Log => _world.Log;

    [Fact]
    public void Append_ShouldStoreTheOthers_WhenSomeAreRefused()
    {
        var command = _world.Next("k") with { Kind = MessageKind.Command };

        var failures = Log.Append([_world.Next("k"), command, _world.Next("k") with { Topic = null }, _world.Next("l")]);

        Assert.Equal([(1, ErrorCodes.NoCommandHandler), (2, ErrorCodes.PublishFailed)], failures.Select(failure => (failure.Index, failure.Error.Code)));
        Assert.Equal([1L, 2L], Log.Messages.Select(message => message.Position));
        Assert.Equal(Partitions.Of("l", 16), Log.Messages[1].Partition);
    }

    [Fact]
    public void AppendUnchecked_ShouldStoreEverything_WhenNobodyHandlesACommand()
    {
        Assert.Empty(Log.AppendUnchecked([_world.Next("k") with { Kind = MessageKind.Command }]));
        Assert.Single(Log.Messages);
    }

    [Fact]
    public void Declare_ShouldTakeNothingOn_WhenANameBelongsToAnotherService()
    {
        var fresh = World.Orders with { Name = "stock", Service = "stock" };

        var error = Assert.Throws<CarillonConfigurationException>(() => Log.Declare(new Topology("stock", [fresh, World.Orders with { Service = "stock" }])));

        Assert.Equal(ErrorCodes.InvalidName, error.Code);
        Assert.Throws<InvalidOperationException>(() => Log.Cursors("stock"));
    }

    [Fact]
    public void Renew_ShouldShareEvenly_WhenInstancesCome()
    {
        var first = Renew("first", 1, Nothing);
        var second = Renew("second", 1, Nothing);
        var renewed = Renew("first", 2, Epochs(first));
        Release("first", renewed, renewed.Surplus);
        var taken = Renew("second", 2, Nothing);

        Assert.Equal((16, 0, 8, 8), (first.Owned.Count, second.Owned.Count, renewed.Surplus.Count, taken.Owned.Count));
        Assert.All(taken.Owned, lease => Assert.Equal(2, lease.Epoch));
        Assert.True(taken.Generation > renewed.Generation);
    }

    [Fact]
    public void Renew_ShouldGrantAnew_WhenAnAnswerWasLost()
    {
        Renew("first", 1, Nothing);

        var known = Renew("first", 2, Nothing);

        Assert.All(known.Owned, lease => Assert.Equal(2, lease.Epoch));
    }

    [Fact]
    public void Renew_ShouldChangeNothing_WhenARequestArrivesLate()
    {
        var first = Renew("first", 1, Nothing);
        var second = Renew("first", 2, Epochs(first));

        Renew("first", 1, Nothing);

        Assert.Empty(Fetch("first", second).Stale);
        Assert.Equal(second, Renew("first", 2, Nothing));
    }

    [Fact]
    public void Renew_ShouldChangeNothing_WhenTheInstanceHasLeft()
    {
        Renew("first", 1, Nothing);
        Log.Leave("orders", "first", [], LeaseTime);

        Assert.Empty(Renew("first", 2, Nothing).Owned);
        Assert.Equal(16, Renew("second", 1, Nothing).Owned.Count);
    }

    [Fact]
    public void Renew_ShouldGiveWhatWasAbandonedToOthersAsFromTheDead_WhenOneLeaseTimeIsOver()
    {
        var places = Renew("first", 1, Nothing);
        Log.Leave("orders", "first", [.. places.Owned.Select(place => place with { IsAbandoned = place.Partition == 3 })], LeaseTime);

        var next = Renew("second", 1, Nothing).Owned;
        Assert.Equal(Enumerable.Range(0, 16).Where(partition => partition != 3), next.Select(place => place.Partition).Order());
        Assert.DoesNotContain(next, place => place.IsFromTheDead);
        PassTime(LeaseTime - TimeSpan.FromMilliseconds(1));
        Assert.DoesNotContain(Renew("third", 1, Nothing).Owned, place => place.Partition == 3);
        PassTime(TimeSpan.FromMilliseconds(1));

        Assert.Contains(Renew("fourth", 1, Nothing).Owned, place => place is { Partition: 3, IsFromTheDead: true });
    }

    [Fact]
    public void Renew_ShouldGiveEverythingToOthers_WhenALeaseIsOverByTheServersClock()
    {
        Renew("first", 1, Nothing);
        PassTime(LeaseTime - TimeSpan.FromMilliseconds(1));
        Assert.Empty(Renew("second", 1, Nothing).Owned);

        PassTime(TimeSpan.FromMilliseconds(1));

        Assert.Equal(16, Renew("second", 2, Nothing).Owned.Count);
    }

    [Fact]
    public void ExpireOwner_ShouldLeaveEverythingToOthers_WhenItsTimeIsNotOver()
    {
        var first = Renew("first", 1, Nothing);
        Assert.Empty(Renew("second", 1, Nothing).Owned);

        Log.ExpireOwner("orders", 3);

        Assert.Equal(16, Renew("second", 2, Nothing).Owned.Count);
        Assert.Equal(16, Fetch("first", first).Stale.Count);
    }

    [Fact]
    public void MoveCursors_ShouldBeRefused_WhenTheLeaseIsSomebodyElses()
    {
        Log.Append([_world.Next("k")]);
        var stale = Renew("first", 1, Nothing).Owned[3] with { Position = 1 };
        Log.ExpireLease("orders", 3);
        Renew("first", 2, Nothing);

        var refused = Log.MoveCursors("orders", "first", [stale]);

        Assert.Equal([3], refused);
        Assert.Equal((0, 1), (Log.Cursors("orders")[3], Log.RefusedMoves));
    }

    [Fact]
    public void MoveCursors_ShouldNotMoveBack_WhenARequestArrivesLate()
    {
        Log.Append([_world.Next("k"), _world.Next("k")]);
        var lease = Renew("first", 1, Nothing).Owned[0];

        Log.MoveCursors("orders", "first", [lease with { Position = 2 }]);
        var refused = Log.MoveCursors("orders", "first", [lease with { Position = 1 }]);

        Assert.Empty(refused);
        Assert.Equal(2, Log.Cursors("orders")[0]);
    }

    [Fact]
    public void MoveCursors_ShouldThrow_WhenTheLogIsShorter()
    {
        var lease = Renew("first", 1, Nothing).Owned[0];

        Assert.Throws<ArgumentOutOfRangeException>(() => Log.MoveCursors("orders", "first", [lease with { Position = 1 }]));
    }

    [Fact]
    public void Fetch_ShouldReadPastWhatDoesNotConcern_WhenOtherTopicsAreBetween()
    {
        Log.Append([_world.Next("k", "x.y"), _world.Next("k"), _world.Next("k", "x.y"), _world.Next("k"), _world.Next("k", "x.y")]);
        var owned = Renew("first", 1, Nothing);

        var page = Fetch("first", owned, limit: 1);
        var rest = Log.Fetch("orders", "first", [.. owned.Owned.Select(lease => lease with { Position = page.ReadTo })], 10);

        Assert.Equal([2L], page.Messages.Select(message => message.Position));
        Assert.Equal([4L], rest.Messages.Select(message => message.Position));
        Assert.Equal((2L, 5L), (page.ReadTo, rest.ReadTo));
    }

    [Fact]
    public void Fetch_ShouldBringNothingOfAPartition_WhenItsLeaseIsStale()
    {
        Log.Append([_world.Next("k"), _world.Next("l")]);
        var owned = Renew("first", 1, Nothing);
        Log.ExpireLease("orders", Partitions.Of("k", 16));

        var page = Fetch("first", owned);

        Assert.Equal([2L], page.Messages.Select(message => message.Position));
        Assert.Equal([Partitions.Of("k", 16)], page.Stale);
    }

    [Fact]
    public async Task FetchAsync_ShouldComplete_WhenAMessageIsAppended()
    {
        var owned = Renew("first", 1, Nothing);
        var waiting = Log.FetchAsync("orders", "first", owned.Owned, 10, owned.Generation, TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);

        Log.Append([_world.Next("k")]);

        Assert.Single((await waiting).Messages);
    }

    [Fact]
    public async Task FetchAsync_ShouldComplete_WhenAnotherInstanceComes()
    {
        var owned = Renew("first", 1, Nothing);
        var waiting = Log.FetchAsync("orders", "first", owned.Owned, 10, owned.Generation, TestContext.Current.CancellationToken).AsTask();

        Renew("second", 1, Nothing);

        Assert.NotEqual(owned.Generation, (await waiting).Generation);
    }

    [Fact]
    public async Task FetchAsync_ShouldThrow_WhenNobodyWaitsAnyMore()
    {
        var owned = Renew("first", 1, Nothing);
        using var source = new CancellationTokenSource();
        var waiting = Log.FetchAsync("orders", "first", owned.Owned, 10, owned.Generation, source.Token).AsTask();

        source.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void OldestUnsent_ShouldBeTheFirstOfTheSourceThatTheRelayHasNotPassed_WhenOthersShareTheLog()
    {
        var relay = new SubscriptionTopology { Name = "shop:outbox", Service = "shop", Topics = [], Source = "/services/shop" };
        Log.Declare(new Topology("shop", [relay]));
        Log.AppendUnchecked([_world.Next("k"), _world.Next("k") with { Source = "/services/shop" }]);
        var stored = _world.Clock.GetUtcNow();
        PassTime(TimeSpan.FromSeconds(1));
        Log.AppendUnchecked([_world.Next("l") with { Source = "/services/shop" }]);
        Assert.Equal(stored, Log.OldestUnsent("shop"));

        var owned = Log.Renew("shop:outbox", "relay", 1, Nothing, LeaseTime).Owned;
        Log.MoveCursors("shop:outbox", "relay", [owned[Partitions.Of("k", 16)] with { Position = 2 }]);
        Assert.Equal(stored + TimeSpan.FromSeconds(1), Log.OldestUnsent("shop"));

        Log.MoveCursors("shop:outbox", "relay", [owned[Partitions.Of("l", 16)] with { Position = 3 }]);
        Assert.Null(Log.OldestUnsent("shop"));
    }

    private static Dictionary<int, long> Epochs(LeaseAnswer answer) => answer.Owned.ToDictionary(lease => lease.Partition, lease => lease.Epoch);

    private LeaseAnswer Renew(string instance, long round, Dictionary<int, long> held) => Log.Renew("orders", instance, round, held, LeaseTime);

    private FetchedPage Fetch(string instance, LeaseAnswer answer, int limit = 10) => Log.Fetch("orders", instance, answer.Owned, limit);

    private void Release(string instance, LeaseAnswer answer, IReadOnlyList<int> partitions) =>
        Assert.Empty(Log.Release("orders", instance, [.. answer.Owned.Where(lease => partitions.Contains(lease.Partition))]));

    private void PassTime(TimeSpan time)
    {
        using var timer = _world.Clock.CreateTimer(static _ => { }, null, time, Timeout.InfiniteTimeSpan);
        Assert.True(_world.Clock.Advance());
    }
}
