using Carillon.Transports;

namespace Carillon.Tests.Contracts;

/// <summary>Which instance reads what, where handlers take envelopes of topics.</summary>
public sealed class PartitionSharingTests
{
    private static readonly SubscriptionMember _audit = Member("audit", "*@audit.>");
    private static readonly SubscriptionMember _both = Member("both", "*@audit.> order.placed:1");
    private static readonly RoutedType _order = RoutedType.Parse("order.placed:1@order.placed");
    private static readonly RoutedType _audited = RoutedType.Parse("order.placed:1@audit.order");

    [Fact]
    public void Decide_ShouldLetThePatternHandlerStandBy_WhenAnotherHandlesAllOfItAndMoreWasMet()
    {
        Assert.True(Decide(_audit, [_order], null).StandsBy);
        Assert.False(Decide(_audit, [_audited], null).StandsBy);
        Assert.False(Decide(_both, [_order], null).StandsBy);
    }

    [Fact]
    public void Decide_ShouldLeaveAPartition_WhenItsNextMessageIsOfATopicThatOnlyAnotherHandles()
    {
        Assert.Empty(Decide(_audit, [], _order).Take);
        Assert.Equal([0], Decide(_both, [], _order).Take);
        Assert.Equal([0], Decide(_audit, [], _audited).Take);
    }

    private static PartitionShare Decide(SubscriptionMember me, RoutedType[] met, RoutedType? wanted) =>
        PartitionSharing.Decide(me.Instance, [_audit, _both], met, [new SharedPartition(null, wanted), new SharedPartition("both", null)]);

    private static SubscriptionMember Member(string name, string handles) => new(name, HandledMessages.Parse(handles));
}
