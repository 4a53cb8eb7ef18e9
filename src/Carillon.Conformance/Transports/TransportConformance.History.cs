using Carillon.Conformance.Transports;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>A new subscription gets nothing that was sent before it existed, unless it asks for it.</summary>
    [Fact]
    public async Task Receive_ShouldBeginAtEnd_WhenSubscriptionIsNew()
    {
        var sender = await JoinAsync("sender", Subscription("sender", "a.b"));
        await sender.SendAsync(SampleMessages.Events("a.b", 0, 10, "k"));
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);

        Assert.Equal([10], await ReceiveRestAsync(participant, orders, marker: 10));
    }

    /// <summary>A new subscription that asks for it gets everything that the transport still has.</summary>
    [Fact]
    public async Task Receive_ShouldBeginAtBeginning_WhenNewSubscriptionAsksForIt()
    {
        await RequireAsync(transport => transport.KeepsHistory, "it keeps no history");
        await (await JoinAsync("sender")).SendAsync(SampleMessages.Events("a.b", 0, 10, "k"));
        var orders = Subscription("orders", "a.b") with { Start = StartPosition.Beginning };
        var participant = await JoinAsync("orders", orders);

        Assert.Equal(Enumerable.Range(0, 11), await ReceiveRestAsync(participant, orders, marker: 10));
    }

    /// <summary>A subscription that exists goes on where it was, whatever start it declares.</summary>
    [Fact]
    public async Task Receive_ShouldGoOnWhereItWas_WhenSubscriptionExists()
    {
        await RequireAsync(transport => transport.KeepsHistory, "it keeps no history");
        var orders = Subscription("orders", "a.b") with { Start = StartPosition.Beginning };
        var participant = await JoinAsync("orders", orders);
        Assert.Equal([0], await ReceiveRestAsync(participant, orders, marker: 0));
        await participant.DisposeAsync();

        participant = await JoinAsync("orders", orders);

        Assert.Equal([1], await ReceiveRestAsync(participant, orders, marker: 1));
    }

    /// <summary>The history is read page by page, in the order in which it was stored, handled or not.</summary>
    [Fact]
    public async Task Read_ShouldPageThroughHistory_WhenLimitIsSmall()
    {
        var log = await OpenLogAsync(SampleMessages.Events("a.b", 0, 25, "k", "l"));
        var pages = new List<LoggedMessage>();
        var page = await log.ReadAsync(new LogQuery { Limit = 10 }, TestContext.Current.CancellationToken);
        while (page.Count > 0)
        {
            Assert.InRange(page.Count, 1, 10);
            pages.AddRange(page);
            page = await log.ReadAsync(new LogQuery { Limit = 10, After = page[^1].Position }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(Enumerable.Range(0, 25), pages.Select(message => SampleMessages.NumberOf(message.Envelope)));
        Assert.All(pages.Zip(pages.Skip(1)), pair => Assert.True(pair.First.Position < pair.Second.Position && pair.First.RecordedAt <= pair.Second.RecordedAt));
    }

    /// <summary>The history can be asked for a type, a key, a conversation and a time.</summary>
    [Fact]
    public async Task Read_ShouldReturnWhatMatches_WhenQueryHasFilters()
    {
        var conversation = SampleMessages.NextId();
        var log = await OpenLogAsync([
            SampleMessages.Event("a.b", 0, "k") with { Type = "one.kind" },
            SampleMessages.Event("a.b", 1, "l") with { CorrelationId = conversation },
            SampleMessages.Event("nobody.listens", 2, "k"),
        ]);
        var all = await log.ReadAsync(new LogQuery(), TestContext.Current.CancellationToken);

        Assert.Equal([0, 1, 2], all.Select(message => SampleMessages.NumberOf(message.Envelope)));
        Assert.Equal([0], await ReadAsync(log, new LogQuery { Type = "one.kind" }));
        Assert.Equal([0, 2], await ReadAsync(log, new LogQuery { Key = "k" }));
        Assert.Equal([1], await ReadAsync(log, new LogQuery { CorrelationId = conversation }));
        Assert.Equal([2], await ReadAsync(log, new LogQuery { Key = "k", After = all[0].Position }));
        Assert.Equal([0, 1, 2], await ReadAsync(log, new LogQuery { Since = all[0].RecordedAt }));
        Assert.Empty(await ReadAsync(log, new LogQuery { Since = all[2].RecordedAt.AddSeconds(1) }));
    }

    /// <summary>A page has a size that can be served.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task Read_ShouldThrow_WhenLimitIsOutOfRange(int limit)
    {
        var log = await OpenLogAsync([]);

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await log.ReadAsync(new LogQuery { Limit = limit }, TestContext.Current.CancellationToken));
    }

    private static async Task<IReadOnlyList<int>> ReadAsync(IMessageLog log, LogQuery query) =>
        (await log.ReadAsync(query, TestContext.Current.CancellationToken)).Select(message => SampleMessages.NumberOf(message.Envelope)).ToArray();

    private async Task<IMessageLog> OpenLogAsync(Envelope[] messages)
    {
        await RequireAsync(transport => transport.KeepsHistory, "it keeps no history");
        var participant = await JoinAsync("orders", Subscription("orders", "a.b"));
        await participant.SendAsync(messages);
        return Assert.IsType<IMessageLog>(participant.Transport, exactMatch: false);
    }
}
