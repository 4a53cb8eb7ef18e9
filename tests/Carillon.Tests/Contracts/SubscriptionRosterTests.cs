using Carillon.Transports;

namespace Carillon.Tests.Contracts;

public sealed class SubscriptionRosterTests
{
    private readonly SubscriptionRoster _roster = new(HandledMessages.Parse("*@audit.>"));

    [Theory]
    [InlineData("order.placed", true)]
    [InlineData("audit.order", false)]
    [InlineData("payment.taken", false)]
    public void MustLeave_ShouldGoByTypeAndTopic_WhenThisInstanceTakesEnvelopesOfSomeTopics(string topic, bool expected)
    {
        _roster.Replace([HandledMessages.Parse("*@audit.> *@order.*")], [], []);

        Assert.Equal(expected, _roster.MustLeave(Message("order.placed", topic), out var message));
        Assert.Equal(new RoutedType(new HandledType("order.placed", 1), topic), message);
    }

    [Fact]
    public void MustLeave_ShouldLeaveAMessageOfNoTopic_WhenOnlyAnotherInstanceHandlesItsType()
    {
        _roster.Replace([HandledMessages.Parse("order.placed:1")], [], []);

        Assert.True(_roster.MustLeave(Message("order.placed", null), out _));
        Assert.False(_roster.MustLeave(Message(null, "order.placed"), out _));
    }

    /// <summary>What only instances handle that are gone waits for them; what this instance handles does not, and nothing is left to the gone.</summary>
    [Fact]
    public void IsForAnother_ShouldBeTrueOfWhatTheLivingAndTheGoneHandle_WhenThisInstanceDoesNot()
    {
        _roster.Replace([HandledMessages.Parse("order.placed:1")], [HandledMessages.Parse("order.placed:1 order.placed:2 *@audit.>")], []);

        Assert.True(_roster.IsForAnother(RoutedType.Parse("order.placed:2@order.placed")));
        Assert.False(_roster.IsHandledElsewhere(RoutedType.Parse("order.placed:2@order.placed")));
        Assert.True(_roster.IsForAnother(RoutedType.Parse("order.placed:1@order.placed")));
        Assert.False(_roster.IsForAnother(RoutedType.Parse("order.placed:2@audit.order")));
        Assert.False(_roster.IsForAnother(RoutedType.Parse("order.refused:1@order.refused")));
        Assert.False(_roster.MustLeave(Message("order.refused", "order.refused"), out _));
    }

    /// <summary>Of topics that never end, one says as much as all: whoever handles it handles the others.</summary>
    [Fact]
    public void Unreported_ShouldHoldOneOfAKind_WhenTheSameInstancesHandleManyTopics()
    {
        _roster.Replace([HandledMessages.Parse("reading:1"), HandledMessages.Parse("alarm:1")], [], []);
        for (var device = 0; device < 3_000; device++)
        {
            Assert.True(_roster.MustLeave(Message("reading", $"device.{device}"), out _));
            Assert.True(_roster.MustLeave(Message("alarm", $"device.{device}"), out _));
            Assert.False(_roster.MustLeave(Message("noise", $"device.{device}"), out _));
        }

        Assert.Equal(["alarm:1@device.0", "noise:1@device.0", "reading:1@device.0"], _roster.Unreported.Select(message => message.ToString()).Order(StringComparer.Ordinal));
        _roster.Replace([HandledMessages.Parse("reading:1")], [], [.. _roster.Unreported]);
        Assert.Empty(_roster.Unreported);
        _roster.Replace([HandledMessages.Parse("reading:1@device.1")], [], [.. _roster.Unreported]);
        Assert.True(_roster.MustLeave(Message("reading", "device.1"), out _));
        Assert.Single(_roster.Unreported);
    }

    private static Envelope Message(string? type, string? topic) => new() { Type = type, Topic = topic };
}
