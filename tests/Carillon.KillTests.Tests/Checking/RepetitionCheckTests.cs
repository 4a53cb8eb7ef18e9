namespace Carillon.KillTests.Tests;

public sealed class RepetitionCheckTests
{
    private const string Message = "ledger key 1";

    [Theory]
    [InlineData(DeliveryGuarantee.AtLeastOnce)]
    [InlineData(DeliveryGuarantee.ExactlyOnce)]
    public void Find_ShouldFindNothing_WhenEverythingHappenedOnce(DeliveryGuarantee mode)
    {
        var found = RepetitionCheck.Find(Recording.Sound(1, 2, 3).History, new Promise(mode));
        Assert.Empty(found.Wrong);
        Assert.Empty(found.Explained);
    }

    [Theory]
    [InlineData(Subscriptions.Ledger)]
    [InlineData(Subscriptions.Audit)]
    public void Find_ShouldSayWrong_WhenAnEffectIsDoubleInExactlyOnce(string subscription)
    {
        var history = Recording.Sound(1).Kill("handler", at: 5).Happen(subscription, "key", 1, process: "second", at: 9).History;
        Assert.Equal("second", Assert.Single(RepetitionCheck.Find(history, new Promise(DeliveryGuarantee.ExactlyOnce)).Wrong).Process);
    }

    [Fact]
    public void Find_ShouldSayExplained_WhenTheFirstHandlerWasKilledInBetween()
    {
        var history = Recording.Sound(1).Kill("handler", at: 5).Happen(Subscriptions.Ledger, "key", 1, Message, "second", at: 9).History;
        var found = RepetitionCheck.Find(history, new Promise(DeliveryGuarantee.AtLeastOnce));
        Assert.Equal("second", Assert.Single(found.Explained).Process);
        Assert.Empty(found.Wrong);
    }

    [Fact]
    public void Find_ShouldSayWrong_WhenNobodyWasKilled()
    {
        var history = Recording.Sound(1).Happen(Subscriptions.Ledger, "key", 1, Message, "second", at: 9).History;
        Assert.Single(RepetitionCheck.Find(history, new Promise(DeliveryGuarantee.AtLeastOnce)).Wrong);
    }

    [Fact]
    public void Find_ShouldSayWrong_WhenTheKillCameAfterTheRepetition()
    {
        var history = Recording.Sound(1).Kill("handler", at: 12).Happen(Subscriptions.Ledger, "key", 1, Message, "second", at: 9).History;
        Assert.Single(RepetitionCheck.Find(history, new Promise(DeliveryGuarantee.AtLeastOnce)).Wrong);
    }

    [Fact]
    public void Find_ShouldSayWrong_WhenAnotherProcessWasKilled()
    {
        var history = Recording.Sound(1).Kill("bystander", at: 5).Happen(Subscriptions.Ledger, "key", 1, Message, "second", at: 9).History;
        Assert.Single(RepetitionCheck.Find(history, new Promise(DeliveryGuarantee.AtLeastOnce)).Wrong);
    }

    [Fact]
    public void Find_ShouldSayWrong_WhenOnePublishWasStoredTwice()
    {
        var history = Recording.Sound(1).Kill("handler", at: 5).Happen(Subscriptions.Ledger, "key", 1, "another id", "second", at: 9).History;
        Assert.Single(RepetitionCheck.Find(history, new Promise(DeliveryGuarantee.AtLeastOnce)).Wrong);
    }

    [Fact]
    public void Find_ShouldSayExplained_WhenTheFollowUpOfARepetitionHasAnEffectToo()
    {
        var history = Recording.Sound(1).Kill("handler", at: 5)
            .Happen(Subscriptions.Ledger, "key", 1, Message, "second", at: 9)
            .Happen(Subscriptions.Audit, "key", 1, "follow-up of the repetition", "second", at: 10).History;
        var found = RepetitionCheck.Find(history, new Promise(DeliveryGuarantee.AtLeastOnce));
        Assert.Equal(2, found.Explained.Count);
        Assert.Empty(found.Wrong);
    }

    [Fact]
    public void Find_ShouldSayWrong_WhenThereAreMoreFollowUpsThanHandlings()
    {
        var history = Recording.Sound(1).Happen(Subscriptions.Audit, "key", 1, "from nowhere", at: 10).History;
        Assert.Single(RepetitionCheck.Find(history, new Promise(DeliveryGuarantee.AtLeastOnce)).Wrong);
    }
}
