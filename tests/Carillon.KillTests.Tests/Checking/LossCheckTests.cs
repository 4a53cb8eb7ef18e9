namespace Carillon.KillTests.Tests;

public sealed class LossCheckTests
{
    [Fact]
    public void Find_ShouldFindNothing_WhenEverythingHasItsEffect() =>
        Assert.Empty(LossCheck.Find(Recording.Sound(1, 2, 3).History));

    [Fact]
    public void Find_ShouldName_WhenAnAcknowledgedMessageHasNoEffect() =>
        Assert.Equal([new Happening(Subscriptions.Ledger, "key", 4)], LossCheck.Find(Recording.Sound(1, 2, 3).Acknowledge("key", 4).History));

    [Fact]
    public void Find_ShouldName_WhenWhatAHandlerPublishedHasNoEffect() => Assert.Equal(
        [new Happening(Subscriptions.Audit, "key", 2)],
        LossCheck.Find(Recording.Sound(1).Acknowledge("key", 2).Happen(Subscriptions.Ledger, "key", 2).History));

    [Fact]
    public void Find_ShouldFindNothing_WhenTheMessageWasNeverAcknowledged() =>
        Assert.Empty(LossCheck.Find(Recording.Sound(1).Try("key", 2).History));

    [Fact]
    public void Find_ShouldName_WhenAnUnacknowledgedMessageIsHandledHalfway() => Assert.Equal(
        [new Happening(Subscriptions.Audit, "key", 2)],
        LossCheck.Find(Recording.Sound(1).Try("key", 2).Happen(Subscriptions.Ledger, "key", 2).History));

    [Fact]
    public void Find_ShouldFindNothing_WhenTheMessageIsADeadLetter()
    {
        var history = Recording.Sound(1).Acknowledge("key", 2).History;
        history.Add(new HashSet<Happening> { new(Subscriptions.Ledger, "key", 2) });
        Assert.Empty(LossCheck.Find(history));
    }
}
