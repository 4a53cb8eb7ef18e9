using Carillon.Conformance.Waiting;
using Carillon.Retrying;

namespace Carillon.Tests.Retrying;

/// <summary>What several kinds of messages say together.</summary>
public sealed class OutageSignsTests
{
    private readonly VirtualTime _time = new();
    private readonly OutageSigns _signs = new();

    [Fact]
    public void Failed_ShouldSeeAnOutage_WhenFiveMessagesOfAnyKindFailAlike()
    {
        for (var attempt = 0; attempt < 9; attempt++)
            Assert.False(_signs.Failed($"key-{attempt % 5}", typeof(IOException)));

        Assert.True(_signs.Failed("key-0", typeof(IOException)));
        Assert.False(_signs.Failed("key-1", typeof(FormatException)));
    }

    /// <summary>The kinds that wait make no attempts, so that soon only the others are left to look at: too few of them.</summary>
    [Fact]
    public void Failed_ShouldSeeTheOutage_WhenItIsKnownOfAnotherKind()
    {
        var known = new OutageCircuit("step.taken", TimeSpan.FromHours(2), _time);
        _signs.Add(known);
        for (var attempt = 0; attempt < 30; attempt++)
            Assert.False(_signs.Failed("key-0", typeof(IOException)));

        for (var attempt = 0; attempt < 10; attempt++)
            known.Failed($"key-{attempt}", new IOException(), null, isTrial: false, isAround: false, out _);
        Assert.NotNull(known.Outage);
        Assert.True(_signs.Failed("key-0", typeof(IOException)));
        Assert.False(_signs.Failed("key-0", typeof(FormatException)));
        known.Succeeded();
        Assert.False(_signs.Failed("key-0", typeof(IOException)));
    }
}
