namespace Carillon.KillTests.Tests;

public sealed class HistoryTests
{
    [Fact]
    public void Add_ShouldRefuse_WhenAMessageIsTriedTwice() =>
        Assert.Throws<InvalidDataException>(() => new Recording().Try("key", 1).Try("key", 1));

    [Fact]
    public void Add_ShouldRefuse_WhenAnAcknowledgementHasNoIntent() => Assert.Throws<InvalidDataException>(
        () => new History().Add(new HistoryLine { Step = HistoryStep.Acknowledged, Key = "key", Version = 1 }));

    [Fact]
    public void Add_ShouldCountOneKill_WhenHarnessAndFailpointMeet()
    {
        var history = new Recording().Kill("handler-1.1", at: 9).Kill("handler-1.1", at: 4, "delivery.settled").History;
        Assert.Equal(1, history.Kills);
        Assert.Equal(4, history.KilledAt("handler-1.1"));
        Assert.Equal(1, history.Failpoints["delivery.settled"]);
    }
}
