using Carillon.Conformance.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>
    /// Makes the transport refuse whatever is sent, until what is returned is disposed: its disk is full, somebody holds a lock, too few replicas are
    /// there. Overridden where there is a way to; otherwise null, and the scenarios about it are skipped.
    /// </summary>
    protected virtual ValueTask<IAsyncDisposable?> RefuseForNowAsync() => ValueTask.FromResult<IAsyncDisposable?>(null);

    /// <summary>
    /// Makes the transport refuse for now the next message of a key that is sent, and take the one after it, as where a leader moves in between. Overridden where there is a way to;
    /// otherwise false, and the scenario about it is skipped.
    /// </summary>
    protected virtual ValueTask<bool> TryRefuseNextForNowAsync(string key) => ValueTask.FromResult(false);

    /// <summary>What follows of a key in a batch behind a message that is refused for now is refused with it; other keys are stored.</summary>
    [Fact]
    public async Task Send_ShouldRefuseWhatFollowsOfTheKey_WhenOneMessageIsRefusedForNow()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = AcknowledgingSink();
        await participant.ReceiveAsync(orders, sink);
        Assert.SkipUnless(await TryRefuseNextForNowAsync("k"), $"{participant.Transport.Capabilities.Name}: nothing makes it refuse one message for now");
        var batch = SampleMessages.Events("a.b", 0, 6, "k", "l");

        var failures = await participant.Sender.SendAsync(batch, TestContext.Current.CancellationToken);

        Assert.Equal([0, 2, 4], (failures ?? []).Select(static failure => failure.Index).Order());
        Assert.All(failures!, static failure => Assert.Equal((true, false), (failure.Error.IsTransient, failure.Error.IsOutcomeUnknown)));
        await sink.WaitForAsync(3);
        Assert.Equal([1, 3, 5], sink.Numbers);
        await participant.SendAsync([.. failures!.Select(failure => batch[failure.Index])]);
        await sink.WaitForAsync(6);
        AssertOrderOfKeys(sink.Receipts);
    }

    /// <summary>What is wrong with the transport is no message's fault: every message is refused for now, and none is stored behind one that was refused.</summary>
    [Fact]
    public async Task Send_ShouldRefuseForNowAndStoreNothing_WhenTheTransportTakesNothing()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = AcknowledgingSink();
        await participant.ReceiveAsync(orders, sink);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, 4, "k", "l"));
        var batch = SampleMessages.Events("a.b", 4, 6, "k", "l");

        var refusing = await RefuseForNowAsync();
        Assert.SkipWhen(refusing is null, $"{participant.Transport.Capabilities.Name}: nothing makes it refuse for now");
        await using (refusing)
            Assert.All(await participant.SendInVainAsync(batch), error => Assert.Equal((true, false), (error.IsTransient, error.IsOutcomeUnknown)));
        await participant.SendAsync(batch);

        await sink.WaitForAsync(10);
        Assert.Equal(Enumerable.Range(0, 10), sink.Numbers.Order());
        AssertOrderOfKeys(sink.Receipts);
    }

    /// <summary>What is wrong with a message is refused for good, and takes no other with it.</summary>
    [Fact]
    public async Task Send_ShouldRefuseForGoodAndAlone_WhenAMessageCanNeverBeSent()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = AcknowledgingSink();
        await participant.ReceiveAsync(orders, sink);

        var failures = await participant.Sender.SendAsync(
            new[] { SampleMessages.Event("a.b", 1, "k"), SampleMessages.Command("nobody.handles", 2, "l"), SampleMessages.Event("a.b", 3, "k") }, TestContext.Current.CancellationToken);

        var (index, error) = Assert.Single(failures!);
        Assert.Equal((1, false, false), (index, error.IsTransient, error.IsOutcomeUnknown));
        await sink.WaitForAsync(2);
        Assert.Equal([1, 3], sink.Numbers.Order());
    }
}
