using Carillon.Conformance.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>Every attribute arrives as it was sent, and so do the bytes of the body.</summary>
    [Theory]
    [MemberData(nameof(SampleEnvelopes.Names), MemberType = typeof(SampleEnvelopes))]
    public async Task Send_ShouldKeepEveryAttribute_WhenEnvelopeIsNamed(string name)
    {
        var sent = SampleEnvelopes.Named(name);
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = AcknowledgingSink();
        await participant.ReceiveAsync(orders, sink);

        await participant.SendAsync(sent);

        await sink.WaitForAsync(1);
        EnvelopeAssert.Same(sent, sink.Receipts[0].Envelope);
    }

    /// <summary>A body belongs to its envelope: what others send at the same time never shows in it.</summary>
    [Fact]
    public async Task Send_ShouldKeepEveryBody_WhenManySizesTravelTogether()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = HoldingSink(room: 1000);
        await participant.ReceiveAsync(orders, sink);
        var sent = Enumerable.Range(0, 300).Select(number => SampleMessages.Event("a.b", number, "k") with { Body = SampleEnvelopes.Bytes(number * 7) }).ToArray();

        await participant.SendAsync(sent);

        await sink.WaitForAsync(sent.Length);
        Assert.All(sent.Zip(sink.Receipts), pair => EnvelopeAssert.Same(pair.First, pair.Second.Envelope));
    }
}
