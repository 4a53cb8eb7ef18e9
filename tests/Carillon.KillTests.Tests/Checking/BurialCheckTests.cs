namespace Carillon.KillTests.Tests;

public sealed class BurialCheckTests
{
    private static readonly Happening First = new(Subscriptions.Ledger, "key", 1);
    private static readonly Happening Second = new(Subscriptions.Ledger, "key", 2);

    [Fact]
    public void Find_ShouldName_WhenNothingMayBeGivenUp()
    {
        var history = Recording.Sound(1).Acknowledge("key", 2).Bury(Subscriptions.Ledger, "key", 2).History;
        Assert.Equal([Second], BurialCheck.Find(history, new Promise(DeliveryGuarantee.ExactlyOnce)));
        Assert.Equal([Second], BurialCheck.Find(history, new Promise(DeliveryGuarantee.AtLeastOnce)));
    }

    [Fact]
    public void Find_ShouldStillName_WhenItWasADeadLetterOnlyForAWhile()
    {
        var history = Recording.Sound(1).Bury(Subscriptions.Ledger, "key", 1).History;
        history.Add(new HashSet<Happening>());
        Assert.Equal([First], BurialCheck.Find(history, new Promise(DeliveryGuarantee.ExactlyOnce)));
    }

    [Fact]
    public void Find_ShouldFindNothing_WhenAHandlerFailedForGood()
    {
        var history = Recording.Sound(1).Acknowledge("key", 2).Bury(Subscriptions.Ledger, "key", 2).Happen(Subscriptions.Ledger, "key", 2).History;
        Assert.Empty(BurialCheck.Find(history, new Promise(DeliveryGuarantee.ExactlyOnce, MayGiveUp: true)));
    }

    [Fact]
    public void Find_ShouldName_WhenWhatHadHappenedIsADeadLetterAfterwards()
    {
        var history = Recording.Sound(1).Bury(Subscriptions.Ledger, "key", 1).History;
        Assert.Equal([First], BurialCheck.Find(history, new Promise(DeliveryGuarantee.ExactlyOnce, MayGiveUp: true)));
        Assert.Empty(BurialCheck.Find(history, new Promise(DeliveryGuarantee.AtLeastOnce, MayGiveUp: true)));
    }
}
