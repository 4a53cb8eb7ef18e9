namespace Carillon.KillTests.Tests;

public sealed class OrderCheckTests
{
    [Fact]
    public void Find_ShouldFindNothing_WhenFirstEffectsFollowThePublishOrder() =>
        Assert.Empty(OrderCheck.Find(Recording.Sound(1, 2, 5).History));

    [Fact]
    public void Find_ShouldName_WhenAnEarlierMessageComesLate() => Assert.Equal(
        [new Happening(Subscriptions.Ledger, "key", 2)],
        OrderCheck.Find(new Recording().Acknowledge("key", 1).Acknowledge("key", 2).Acknowledge("key", 3)
            .Happen(Subscriptions.Ledger, "key", 1).Happen(Subscriptions.Ledger, "key", 3).Happen(Subscriptions.Ledger, "key", 2).History));

    [Fact]
    public void Find_ShouldFindNothing_WhenOnlyARepetitionComesLate() =>
        Assert.Empty(OrderCheck.Find(Recording.Sound(1, 2).Happen(Subscriptions.Ledger, "key", 1).History));

    [Fact]
    public void Find_ShouldFindNothing_WhenKeysAndSubscriptionsOvertakeEachOther() => Assert.Empty(OrderCheck.Find(new Recording()
        .Happen(Subscriptions.Ledger, "one", 2).Happen(Subscriptions.Ledger, "two", 1).Happen(Subscriptions.Audit, "one", 1).Happen(Subscriptions.Audit, "one", 2).History));
}
