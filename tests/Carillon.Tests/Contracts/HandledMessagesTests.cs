using Carillon.Transports;

namespace Carillon.Tests.Contracts;

public sealed class HandledMessagesTests
{
    [Theory]
    [InlineData("order.placed:1", "order.placed:1@order.placed", true)]
    [InlineData("order.placed:1", "order.placed:1@elsewhere", true)]
    [InlineData("order.placed:1", "order.placed:2@order.placed", false)]
    [InlineData("*@order.>", "anything:7@order.placed.late", true)]
    [InlineData("*@order.>", "order.placed:1@payment.taken", false)]
    [InlineData("*@order.>", "order.placed:1@", false)]
    [InlineData("*@>", "order.placed:1@", false)]
    [InlineData("order.placed:1@order.*", "order.placed:1@order.placed", true)]
    [InlineData("order.placed:1@order.*", "order.placed:1@payment.taken", false)]
    [InlineData("order.placed:1@order.*", "order.paid:1@order.paid", false)]
    [InlineData("*@a.* order.placed:1 *@b.*", "x:1@b.c", true)]
    [InlineData("*", "x:1@", true)]
    [InlineData("", "x:1@a", false)]
    public void Contains_ShouldAskForTypeAndTopic_WhenAHandlerNamesEither(string handled, string message, bool expected) =>
        Assert.Equal(expected, HandledMessages.Parse(handled).Contains(RoutedType.Parse(message)));

    [Theory]
    [InlineData("*", "*@order.> order.placed:1", true)]
    [InlineData("*@order.> order.placed:1", "*", false)]
    [InlineData("*@order.>", "*@order.*", true)]
    [InlineData("*@order.>", "*@order.placed", true)]
    [InlineData("*@order.*", "*@order.>", false)]
    [InlineData("*@order.>", "order.placed:1", false)]
    [InlineData("*@order.>", "order.placed:1@order.placed", true)]
    [InlineData("order.placed:1", "order.placed:1@order.placed", true)]
    [InlineData("order.placed:1@order.*", "order.placed:1", false)]
    [InlineData("*@order.* order.placed:1", "*@order.placed order.placed:1", true)]
    public void Includes_ShouldCompareTypesAndTopics_WhenBothHaveSome(string handled, string other, bool expected)
    {
        var (mine, theirs) = (HandledMessages.Parse(handled), HandledMessages.Parse(other));

        Assert.Equal(expected, mine.Includes(theirs));
        Assert.Equal(expected, theirs.Except(mine).Count == 0);
    }

    [Fact]
    public void Parse_ShouldReadWhatWasWritten_WhenThereAreTypesAndPatterns()
    {
        var handled = new HandledMessages([
            new HandlerScope(new HandledType("order.placed", 2), null), new HandlerScope(null, TopicPattern.Parse("order.>")),
            new HandlerScope(new HandledType("order.paid", 1), TopicPattern.Parse("*.paid")),
        ]);

        Assert.Equal("*@order.> order.paid:1@*.paid order.placed:2", handled.ToString());
        Assert.True(HandledMessages.Parse(handled.ToString()).IsSameAs(handled));
        Assert.False(handled.IsEverything);
        Assert.True(HandledMessages.Parse(HandledMessages.Everything.ToString()).IsEverything);
    }

    [Theory]
    [InlineData("order.placed")]
    [InlineData("*@")]
    [InlineData("*@order..placed")]
    [InlineData("order.placed:x@order.*")]
    public void Parse_ShouldThrow_WhenTheTextIsOfSomethingElse(string text) => Assert.Throws<FormatException>(() => HandledMessages.Parse(text));

    /// <summary>Topics and types come from the wire, and are written down as they are.</summary>
    [Theory]
    [InlineData("order.placed", "order.placed")]
    [InlineData("a@b:3", "%40@%25@")]
    [InlineData(":", "")]
    [InlineData("a b", "c:1@d e%")]
    public void RoutedType_ShouldReadWhatItHasWritten_WhenNamesAreStrange(string type, string topic)
    {
        var message = new RoutedType(new HandledType(type, 3), topic);

        Assert.Equal(message, RoutedType.Parse(message.ToString()));
    }

    [Theory]
    [InlineData(200, 200, true)]
    [InlineData(201, 1, false)]
    [InlineData(1, 201, false)]
    public void RoutedType_ShouldBeNone_WhenNobodyCouldHandleSoLongAName(int type, int topic, bool expected) =>
        Assert.Equal(expected, RoutedType.Of(new Envelope { Type = new string('t', type), Topic = new string('t', topic) }) is not null);

    /// <summary>Patterns of topics are of events. A command is for the one handler of its type.</summary>
    [Fact]
    public void Contains_ShouldLookAtTheTypeAlone_WhenTheMessageIsACommand()
    {
        var command = new Envelope { Kind = MessageKind.Command, Type = "order.cancel", Topic = "order.cancel" };

        Assert.False(HandledMessages.Parse("*@order.>").Contains(command));
        Assert.True(HandledMessages.Parse("order.cancel:1").Contains(command));
    }
}
