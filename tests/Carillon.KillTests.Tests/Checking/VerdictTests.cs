namespace Carillon.KillTests.Tests;

public sealed class VerdictTests
{
    [Fact]
    public void Of_ShouldBeClean_WhenNothingIsWrong()
    {
        var verdict = Verdict.Of(Recording.Sound(1, 2).History, new Promise(DeliveryGuarantee.ExactlyOnce), unsettled: 0);
        Assert.True(verdict.IsClean);
        Assert.Empty(verdict.Describe());
    }

    [Fact]
    public void Of_ShouldNotBeClean_WhenSomethingIsUnsettled() =>
        Assert.Contains("3 messages not settled", Assert.Single(Verdict.Of(Recording.Sound(1).History, new Promise(DeliveryGuarantee.AtLeastOnce), unsettled: 3).Describe()), StringComparison.Ordinal);

    [Fact]
    public void Describe_ShouldGiveAFewExamples_WhenMuchIsLost()
    {
        var recording = new Recording();
        for (var version = 1; version <= 9; version++)
            recording.Acknowledge("key", version);
        var verdict = Verdict.Of(recording.History, new Promise(DeliveryGuarantee.ExactlyOnce), unsettled: 0);
        Assert.False(verdict.IsClean);
        Assert.Equal("9 lost: key version 1 in ledger, key version 2 in ledger, key version 3 in ledger, key version 4 in ledger, key version 5 in ledger, …", Assert.Single(verdict.Describe()));
    }
}
