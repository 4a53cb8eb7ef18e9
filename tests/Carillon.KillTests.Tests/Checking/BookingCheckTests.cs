namespace Carillon.KillTests.Tests;

public sealed class BookingCheckTests
{
    [Fact]
    public void Find_ShouldFindNothing_WhenEachRowHasItsMessage() =>
        Assert.Empty(BookingCheck.Find(Recording.Sound(1).Book("key", 1).Bury(Subscriptions.Ledger, "key", 2).Book("key", 2).History));

    [Fact]
    public void Find_ShouldName_WhenARowIsAlone() => Assert.Equal(
        [new Happening(Subscriptions.Ledger, "key", 2)], BookingCheck.Find(Recording.Sound(1).Book("key", 1).Book("key", 2).History));

    [Fact]
    public void Find_ShouldName_WhenAMessageIsAlone() => Assert.Equal(
        [new Happening(Subscriptions.Ledger, "key", 2)], BookingCheck.Find(Recording.Sound(1, 2).Book("key", 1).History));
}
