using Carillon.DeadLetters;

namespace Carillon.Tests.DeadLetters;

public sealed class HeldUpKeysTests
{
    private readonly HeldUpKeys _keys = new();

    [Fact]
    public void Contains_ShouldBeTrueUntilTheLastIsGone_WhenMessagesOfAKeyAreParked()
    {
        _keys.Increment("a", 1);
        _keys.Increment("a", 1);
        _keys.Decrement("a");
        Assert.True(_keys.Contains("a"));
        Assert.Equal([KeyValuePair.Create("a", 1)], _keys.In(1));

        _keys.Decrement("a");

        Assert.False(_keys.Contains("a"));
        Assert.Empty(_keys.In(1));
    }

    [Fact]
    public void Change_ShouldDoNothing_WhenThereIsNoKeyOrItIsNotHeldUp()
    {
        _keys.Increment(null, 1);
        _keys.Decrement(null);
        _keys.Decrement("a");

        Assert.False(_keys.Contains("a"));
        Assert.Empty(_keys.In(0));
        Assert.Empty(_keys.In(1));
    }

    [Fact]
    public void In_ShouldGiveTheKeysOfAPartition_WhenThereAreOthers()
    {
        _keys.Increment("a", 1);
        _keys.Increment("a", 1);
        _keys.Increment("b", 2);

        Assert.Equal([KeyValuePair.Create("a", 2)], _keys.In(1));
        Assert.Equal([KeyValuePair.Create("b", 1)], _keys.In(2));
    }

    [Fact]
    public void Replace_ShouldForgetWhatIsGoneAndLeaveOtherPartitionsAlone_WhenAPartitionIsCountedAnew()
    {
        _keys.Increment("a", 1);
        _keys.Increment("b", 2);

        _keys.Replace(1, new Dictionary<string, int> { ["c"] = 3 });

        Assert.Equal([KeyValuePair.Create("c", 3)], _keys.In(1));
        Assert.False(_keys.Contains("a"));
        Assert.True(_keys.Contains("b"));
        Assert.True(_keys.Contains("c"));
    }

    [Fact]
    public void Set_ShouldHoldUpOrFreeTheKey_WhenItWasCounted()
    {
        _keys.Set("a", 1, 2);
        Assert.Equal([KeyValuePair.Create("a", 2)], _keys.In(1));

        _keys.Set("a", 1, 0);

        Assert.False(_keys.Contains("a"));
        Assert.Empty(_keys.In(1));
    }
}
