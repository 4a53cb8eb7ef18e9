using Carillon.Conformance.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>Every subscription gets every message of its topic, each once and in order.</summary>
    [Fact]
    public async Task Send_ShouldReachEverySubscriptionOnce_WhenSeveralListen()
    {
        var (orders, stock, mail) = (Subscription("orders", "a.b"), Subscription("stock", "a.b"), Subscription("stock.mail", "a.b"));
        var (first, second) = (await JoinAsync("orders", orders), await JoinAsync("stock", stock, mail));
        RecordingSink[] sinks = [AcknowledgingSink(), AcknowledgingSink(), AcknowledgingSink()];
        await first.ReceiveAsync(orders, sinks[0]);
        await second.ReceiveAsync(stock, sinks[1]);
        await second.ReceiveAsync(mail, sinks[2]);

        await first.SendAsync(SampleMessages.Events("a.b", 0, 50, "k"));
        await second.SendAsync(SampleMessages.Events("a.b", 50, 50, "k"));

        foreach (var sink in sinks)
        {
            await sink.WaitForAsync(100);
            Assert.Equal(Enumerable.Range(0, 100), sink.Numbers);
        }
    }

    /// <summary>What is sent while nobody receives waits for the subscription.</summary>
    [Fact]
    public async Task Send_ShouldKeepMessages_WhenSubscriptionExistsButNobodyReceives()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, 20, "k"));

        var sink = AcknowledgingSink();
        await participant.ReceiveAsync(orders, sink);

        await sink.WaitForAsync(20);
        Assert.Equal(Enumerable.Range(0, 20), sink.Numbers);
    }

    /// <summary>An event without a subscription is stored, or forgotten, without complaint.</summary>
    [Fact]
    public async Task Send_ShouldSucceed_WhenNobodyListens()
    {
        var participant = await JoinAsync("orders");

        await participant.SendAsync(SampleMessages.Event("nobody.listens", 1, "k"));
    }

    /// <summary>A batch without messages is a batch.</summary>
    [Fact]
    public async Task Send_ShouldSucceed_WhenBatchIsEmpty()
    {
        var participant = await JoinAsync("orders");

        await participant.SendAsync();
    }

    /// <summary>A message that cannot be sent is reported by its index, and the others of its batch arrive in order.</summary>
    [Fact]
    public async Task Send_ShouldStoreTheOthers_WhenOneMessageOfTheBatchIsRefused()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        Envelope[] batch = [SampleMessages.Event("a.b", 1, "k"), SampleMessages.Command("no.handler", 2, "k"), SampleMessages.Event("a.b", 3, "k")];

        var failures = await participant.Sender.SendAsync(batch, TestContext.Current.CancellationToken);

        var failure = Assert.Single(failures ?? []);
        Assert.Equal((1, ErrorCodes.NoCommandHandler, false), (failure.Index, failure.Error.Code, failure.Error.IsOutcomeUnknown));
        var sink = AcknowledgingSink();
        await participant.ReceiveAsync(orders, sink);
        await sink.WaitForAsync(2);
        Assert.Equal([1, 3], sink.Numbers);
    }

    /// <summary>Texts that not every store can hold. Halves of characters do not survive in an attribute.</summary>
    public static TheoryData<string> UnstorableTexts { get; } = ["a\0b", "a\ud83d", "\udd14b"];

    /// <summary>A text that not every store can hold harms no other message of its batch: it is refused by its place, or arrives as it was.</summary>
    [Theory]
    [MemberData(nameof(UnstorableTexts))]
    public async Task Send_ShouldStoreTheOthers_WhenOneMessageHoldsATextThatCannotBeStored(string text)
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var batch = SampleMessages.Events("a.b", 0, 6, "k");
        batch[1] = batch[1] with { Id = EventId.Parse(text) };
        batch[2] = batch[2] with { Key = text };
        batch[4] = batch[4] with { Headers = new Dictionary<string, string> { ["x"] = text } };

        var refused = (await participant.Sender.SendAsync(batch, TestContext.Current.CancellationToken) ?? []).Select(failure => failure.Index).ToArray();

        Assert.Empty(refused.Except([1, 2, 4]));
        var sink = AcknowledgingSink();
        await participant.ReceiveAsync(orders, sink);
        await sink.WaitForAsync(batch.Length - refused.Length);
        Assert.Equal(Enumerable.Range(0, batch.Length).Except(refused), sink.Numbers.Order());
    }

    /// <summary>Several services may send at the same time; each one's order is kept.</summary>
    [Fact]
    public async Task Send_ShouldKeepEveryMessage_WhenSendersAreConcurrent()
    {
        const int senders = 4;
        const int each = 200;
        var orders = Subscription("orders", "a.b");
        var receiving = await JoinAsync("orders", orders);
        var sink = AcknowledgingSink();
        await receiving.ReceiveAsync(orders, sink);
        var sending = new List<Task>();
        for (var sender = 0; sender < senders; sender++)
            sending.Add(SendOneByOneAsync(await JoinAsync($"sender{sender}"), sender * each, each));

        await Task.WhenAll(sending);

        await sink.WaitForAsync(senders * each);
        Assert.Equal(Enumerable.Range(0, senders * each), sink.Numbers.Order());
        Assert.All(Enumerable.Range(0, senders), sender =>
            Assert.Equal(Enumerable.Range(sender * each, each), sink.Numbers.Where(number => number / each == sender)));
    }

    /// <summary>A batch may be large.</summary>
    [Fact]
    public async Task Send_ShouldKeepEveryMessage_WhenBatchIsLarge()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = AcknowledgingSink();
        await participant.ReceiveAsync(orders, sink);

        await participant.SendAsync(SampleMessages.Events("a.b", 0, 3000, "k", "l", "m", null));

        await sink.WaitForAsync(3000);
        Assert.Equal(Enumerable.Range(0, 3000), sink.Numbers.Order());
    }

    /// <summary>A caller that has given up is told so.</summary>
    [Fact]
    public async Task Send_ShouldThrow_WhenCancelledBefore()
    {
        var participant = await JoinAsync("orders");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await participant.Sender.SendAsync(SampleMessages.Events("a.b", 0, 1), new CancellationToken(canceled: true)));
    }

    private static async Task SendOneByOneAsync(Participant participant, int first, int count)
    {
        foreach (var message in SampleMessages.Events("a.b", first, count, $"key-{first}"))
            await participant.SendAsync(message);
    }
}
