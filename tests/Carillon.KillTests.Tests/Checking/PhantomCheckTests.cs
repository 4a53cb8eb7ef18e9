namespace Carillon.KillTests.Tests;

public sealed class PhantomCheckTests
{
    [Fact]
    public void Find_ShouldFindNothing_WhenEverythingWasTried() =>
        Assert.Empty(PhantomCheck.Find(Recording.Sound(1).Try("key", 2).Happen(Subscriptions.Ledger, "key", 2).History));

    [Fact]
    public void Find_ShouldName_WhenNobodyTriedToPublish() => Assert.Equal(
        [new Happening(Subscriptions.Ledger, "key", 9)],
        PhantomCheck.Find(Recording.Sound(1).Happen(Subscriptions.Ledger, "key", 9).History));

    [Fact]
    public void Find_ShouldName_WhenWhatWasRolledBackHappened() => Assert.Equal(
        [new Happening(Subscriptions.Ledger, "key", 2)],
        PhantomCheck.Find(Recording.Sound(1).Discard("key", 2).Happen(Subscriptions.Ledger, "key", 2).History));

    [Fact]
    public void Find_ShouldName_WhenTheHandlerThatPublishesNeverCommitted() => Assert.Equal(
        [new Happening(Subscriptions.Audit, "key", 2)],
        PhantomCheck.Find(Recording.Sound(1).Acknowledge("key", 2).Happen(Subscriptions.Audit, "key", 2).History));
}
