using Carillon.Conformance.Transports;
using Carillon.Conformance.Waiting;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    private const string NotShared = "it is not shared by several versions of a service";

    private static readonly SubscriptionTopology _oldOrders = Version("a.old");
    private static readonly SubscriptionTopology _newOrders = Version("a.old", "a.new");

    /// <summary>A topic that a newer version has declared belongs to the subscription, also for an older instance that starts after it.</summary>
    [Fact]
    public async Task Receive_ShouldHandOverWhatANewerVersionAskedFor_WhenAnOlderOneRestarts()
    {
        await JoinAsync("orders", _newOrders);
        var old = await JoinAsync("orders", _oldOrders);
        var sink = AcknowledgingSink();
        await old.ReceiveAsync(_oldOrders, sink);

        await old.SendAsync(Typed("a.new", 0), Typed("a.old", 1));

        await sink.WaitForAsync(2);
    }

    /// <summary>A topic that is declared while an older instance is receiving is followed from then on.</summary>
    [Fact]
    public async Task Receive_ShouldHandOverWhatANewerVersionAsksFor_WhenAnOlderOneIsReceiving()
    {
        var old = await JoinAsync("orders", _oldOrders);
        var sink = AcknowledgingSink();
        await old.ReceiveAsync(_oldOrders, sink);
        await old.SendAsync(Typed("a.new", 0), Typed("a.old", 1));
        await sink.WaitForAsync(1);

        await JoinAsync("orders", _newOrders);
        await old.SendAsync(Typed("a.new", 2), Typed("a.old", 3));

        await sink.WaitForAsync(3);
        Assert.Equal([1, 2, 3], sink.Receipts.Select(receipt => receipt.Number).Order());
    }

    /// <summary>Side by side, each message goes to a version that handles it, and no key is out of order.</summary>
    [Fact]
    public async Task Receive_ShouldLeaveToTheNewerVersionWhatOnlyThatHandles_WhenBothReceive()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        var (older, newer) = (await JoinAsync("orders", _oldOrders), await JoinAsync("orders", _newOrders));
        RecordingSink[] sinks = [HoldingSink(room: 50, shares: true), HoldingSink(room: 50, shares: true)];
        await older.ReceiveAsync(_oldOrders, sinks[0]);
        await newer.ReceiveAsync(_newOrders, sinks[1]);
        foreach (var sink in sinks)
            await sink.WaitUntilAsync(() => sink.AssignedCount > 0, "a share of the partitions");

        await older.SendAsync(Mixed(400, "a.old", "a.new"));
        await HandleAllAsync(400, sinks);

        Assert.DoesNotContain(sinks[0].Receipts, receipt => receipt.Envelope.Topic == "a.new");
    }

    /// <summary>When the only instance that handles something goes, the older one takes part again, and gets also what it does not handle.</summary>
    [Fact]
    public async Task Receive_ShouldHandOverEverything_WhenTheNewerVersionIsGone()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        var (older, newer) = (await JoinAsync("orders", _oldOrders), await JoinAsync("orders", _newOrders));
        RecordingSink[] sinks = [HoldingSink(room: 50, shares: true), HoldingSink(room: 50, shares: true)];
        await older.ReceiveAsync(_oldOrders, sinks[0]);
        var receiver = await newer.ReceiveAsync(_newOrders, sinks[1]);
        await older.SendAsync(Mixed(100, "a.old", "a.new"));
        await HandleAllAsync(100, sinks);
        await sinks[0].WaitUntilAsync(() => sinks[0].AssignedCount == 0, "the older version to stand by");

        await newer.EndAsync(receiver);
        await older.SendAsync([.. Mixed(200, "a.old", "a.new").Skip(100)]);
        await HandleAllAsync(100, [], first: 100, sinks[0]);
    }

    /// <summary>What the older version finds among its parked messages, and a newer one handles, takes its partitions there, although nothing new is sent.</summary>
    [Fact]
    public async Task Leave_ShouldGiveThePartitionsToTheNewerVersion_WhenTheOlderOneFindsWhatItDoesNotHandle()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        var (older, newer) = (await JoinAsync("orders", _oldOrders), await JoinAsync("orders", _newOrders));
        RecordingSink[] sinks = [HoldingSink(room: 50, shares: true), HoldingSink(room: 50, shares: true)];
        var receiver = await older.ReceiveAsync(_oldOrders, sinks[0]);
        await newer.ReceiveAsync(_newOrders, sinks[1]);
        foreach (var sink in sinks)
            await sink.WaitUntilAsync(() => sink.AssignedCount > 0, "a share of the partitions");

        Assert.True(await receiver.LeaveAsync(sinks[0].Assigned.First(), RoutedType.Parse("a.new:1@a.new"), TestContext.Current.CancellationToken));

        await sinks[0].WaitUntilAsync(() => sinks[0].AssignedCount == 0, "the older version to stand by");
    }

    /// <summary>Of two versions that each handle what the other does not, neither stands by: the one partition goes to where its message is handled, the others stay.</summary>
    [Fact]
    public async Task Leave_ShouldGiveThatPartitionToTheOther_WhenEachVersionHandlesWhatTheOtherDoesNot()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        SubscriptionTopology[] versions = [Version("a.one", "a.both"), Version("a.two", "a.both")];
        Participant[] participants = [await JoinAsync("orders", versions[0]), await JoinAsync("orders", versions[1])];
        RecordingSink[] sinks = [HoldingSink(room: 50, shares: true), HoldingSink(room: 50, shares: true)];
        var receiver = await participants[0].ReceiveAsync(versions[0], sinks[0]);
        await participants[1].ReceiveAsync(versions[1], sinks[1]);
        foreach (var sink in sinks)
            await sink.WaitUntilAsync(() => sink.AssignedCount > 0, "a share of the partitions");
        var left = sinks[0].Assigned.First();

        Assert.True(await receiver.LeaveAsync(left, RoutedType.Parse("a.two:1@a.two"), TestContext.Current.CancellationToken));

        await sinks[1].WaitUntilAsync(() => sinks[1].Assigned.Contains(left), "the partition that was left");
        Assert.DoesNotContain(left, sinks[0].Assigned);
        Assert.NotEmpty(sinks[0].Assigned);
    }

    /// <summary>However often it is said, before a partition has arrived, while it is here and when it has gone: each is taken away by the right by which it was assigned, and once.</summary>
    [Fact]
    public async Task Leave_ShouldTakeEachPartitionAwayOnce_WhenItIsSaidAgainAndAgain()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        SubscriptionTopology[] versions = [Version("a.one", "a.both"), Version("a.two", "a.both")];
        Participant[] participants = [await JoinAsync("orders", versions[0]), await JoinAsync("orders", versions[1])];
        RecordingSink[] sinks = [HoldingSink(room: 50, shares: true), HoldingSink(room: 50, shares: true)];
        await participants[1].ReceiveAsync(versions[1], sinks[1]);
        await sinks[1].WaitUntilAsync(() => sinks[1].AssignedCount > 0, "all partitions");
        var all = sinks[1].Assigned;
        var receiver = await participants[0].ReceiveAsync(versions[0], sinks[0]);

        for (var time = 0; time < 200; time++)
        {
            foreach (var partition in all)
                await receiver.LeaveAsync(partition, RoutedType.Parse("a.two:1@a.two"), TestContext.Current.CancellationToken);
        }

        await sinks[1].WaitUntilAsync(() => sinks[1].AssignedCount > 0, "partitions that came back");
    }

    /// <summary>What nobody else handles is this instance's to set aside, and its partitions stay; whoever comes is known at once.</summary>
    [Fact]
    public async Task Leave_ShouldRefuse_WhenNobodyHasComeYetThatHandlesTheType()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        var (older, newer) = (await JoinAsync("orders", _oldOrders), await JoinAsync("orders", _newOrders));
        RecordingSink[] sinks = [HoldingSink(room: 50, shares: true), HoldingSink(room: 50, shares: true)];
        var receiver = await older.ReceiveAsync(_oldOrders, sinks[0]);
        await sinks[0].WaitUntilAsync(() => sinks[0].AssignedCount > 0, "partitions");
        var type = RoutedType.Parse("a.new:1@a.new");

        Assert.False(await receiver.LeaveAsync(sinks[0].Assigned.First(), type, TestContext.Current.CancellationToken));
        await newer.ReceiveAsync(_newOrders, sinks[1]);
        await sinks[0].WaitUntilAsync(() => sinks[0].AssignedCount == 0, "the older version to stand by");

        Assert.True(await receiver.LeaveAsync("0", type, TestContext.Current.CancellationToken));
    }

    /// <summary>An instance that is gone may only be restarting: the others wait for what only it handles, but not for ever, and wait anew when it has come back.</summary>
    [Fact]
    public async Task IsForAnother_ShouldBeTrueForAWhile_WhenTheOnlyInstanceThatHandlesTheTypeIsGone()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        var type = RoutedType.Parse("a.new:1@a.new");
        var patient = _oldOrders with { UnhandledGrace = TimeSpan.FromSeconds(2) };
        var (older, newer) = (await JoinAsync("orders", patient), await JoinAsync("orders", _newOrders));
        var receiver = await older.ReceiveAsync(patient, HoldingSink(room: 50, shares: true));
        for (var time = 0; time < 2; time++)
        {
            Assert.False(receiver.IsForAnother(type));
            var other = await newer.ReceiveAsync(_newOrders, HoldingSink(room: 50, shares: true));
            await Patience.PollAsync(() => new ValueTask<bool>(receiver.IsForAnother(type)), "the newer version to be known");
            Assert.False(receiver.IsForAnother(RoutedType.Parse("a.strange:1@a.new")));

            var began = TimeProvider.System.GetTimestamp();
            await newer.EndAsync(other);
            await Patience.PollAsync(() => new ValueTask<bool>(!receiver.IsForAnother(type)), "the older version to wait no more");
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), patient.UnhandledGrace / 2, Patience.Limit);
        }
    }

    /// <summary>Two versions that each handle what the other does not take turns, and no key is out of order.</summary>
    [Fact]
    public async Task Receive_ShouldTakeTurns_WhenEachVersionHandlesWhatTheOtherDoesNot()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        var (sender, sinks) = await ReceiveTogetherAsync(Version("a.one", "a.both"), Version("a.two", "a.both"));

        await sender.SendAsync(Mixed(120, "a.both", "a.one", "a.both", "a.two"));
        await HandleAllAsync(120, sinks);

        Assert.DoesNotContain(sinks[0].Receipts, receipt => receipt.Envelope.Topic == "a.two");
        Assert.DoesNotContain(sinks[1].Receipts, receipt => receipt.Envelope.Topic == "a.one");
    }

    /// <summary>An instance that takes envelopes of some topics handles what these name, whatever its type, and leaves all else to the version that handles it.</summary>
    [Fact]
    public async Task Receive_ShouldLeaveToTheNewerVersionWhatOnlyThatHandles_WhenTheOlderTakesEnvelopesOfTopics()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        var (sender, sinks) = await ReceiveTogetherAsync(Pattern("a.old.>", "*@a.old.>"), Pattern(">", "*@a.old.> a.new:1"));
        foreach (var sink in sinks)
            await sink.WaitUntilAsync(() => sink.AssignedCount > 0, "a share of the partitions");

        await sender.SendAsync(Mixed(400, "a.old.one", "a.new", "a.old.two"));
        await HandleAllAsync(400, sinks);

        Assert.DoesNotContain(sinks[0].Receipts, receipt => receipt.Envelope.Topic == "a.new");
    }

    /// <summary>One type comes by two topics, of which each version takes one: the topic decides.</summary>
    [Fact]
    public async Task Receive_ShouldTakeTurns_WhenEachVersionTakesOneTypeOfAnotherTopic()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        var (sender, sinks) = await ReceiveTogetherAsync(Pattern("a.one", "*@a.one"), Pattern("a.two", "happened:1@a.two"));

        await sender.SendAsync([.. Mixed(80, "a.one", "a.two").Select(envelope => envelope with { Type = "happened" })]);
        await HandleAllAsync(80, sinks);

        Assert.All(sinks[0].Receipts, receipt => Assert.Equal("a.one", receipt.Envelope.Topic));
        Assert.All(sinks[1].Receipts, receipt => Assert.Equal("a.two", receipt.Envelope.Topic));
    }

    /// <summary>Patterns are of events: a command whose topic one of them resembles is for the version that handles it.</summary>
    [Fact]
    public async Task Receive_ShouldLeaveACommand_WhenThisInstanceTakesEnvelopesOfEventsOnly()
    {
        await RequireAsync(transport => transport.IsShared, NotShared);
        var (sender, sinks) = await ReceiveTogetherAsync(Pattern("a.>", "*@a.>"), Pattern("a.>", "*@a.> a.do:1") with { CommandTopics = ["a.do"] });
        foreach (var sink in sinks)
            await sink.WaitUntilAsync(() => sink.AssignedCount > 0, "a share of the partitions");

        await sender.SendAsync([.. Mixed(80, "a.do").Select(static envelope => envelope with { Kind = MessageKind.Command })]);
        await HandleAllAsync(80, sinks);

        Assert.Empty(sinks[0].Receipts);
    }

    /// <summary>Instances of several versions receive, each into a sink of its own. The first one can send too.</summary>
    private async Task<(Participant Sender, RecordingSink[] Sinks)> ReceiveTogetherAsync(params SubscriptionTopology[] versions)
    {
        var participants = new List<Participant>();
        foreach (var version in versions)
            participants.Add(await JoinAsync("orders", version));
        RecordingSink[] sinks = [.. versions.Select(_ => HoldingSink(room: 50, shares: true))];
        foreach (var (number, version) in versions.Index())
            await participants[number].ReceiveAsync(version, sinks[number]);
        return (participants[0], sinks);
    }

    private static SubscriptionTopology Pattern(string topic, string handles) => Subscription("orders", topic) with { Handles = HandledMessages.Parse(handles) };

    private static SubscriptionTopology Version(params string[] topics) =>
        Subscription("orders", topics) with { Handles = HandledMessages.OfTypes(topics.Select(topic => new HandledType(topic, 1))) };

    private static Envelope Typed(string type, int number, string? key = null) => SampleMessages.Event(type, number, key) with { Type = type };

    private static Envelope[] Mixed(int count, params string[] types) =>
        [.. Enumerable.Range(0, count).Select(number => Typed(types[number / 8 % types.Length], number, _sharedKeys[number % 8]))];
}
