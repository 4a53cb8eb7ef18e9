using Carillon.DeadLetters;

namespace Carillon.Tests.DeadLetters;

public sealed class HeldUpKeysTests
{
    private readonly HeldUpKeys _keys = new();

    [Fact]
    public void Contains_ShouldBeTrueUntilTheLastIsGone_WhenMessagesOfAKeyAreParked()
    {
        _keys.Increment("1", "a");
        _keys.Increment("1", "a");
        _keys.Decrement("1", "a");
        Assert.True(_keys.Contains("1", "a"));
        Assert.Equal([KeyValuePair.Create("a", 1)], _keys.In("1"));

        _keys.Decrement("1", "a");

        Assert.False(_keys.Contains("1", "a"));
        Assert.Empty(_keys.In("1"));
    }

    [Fact]
    public void Change_ShouldDoNothing_WhenThereIsNoKeyOrItIsNotHeldUp()
    {
        _keys.Increment("1", null);
        _keys.Decrement("1", null);
        _keys.Decrement("1", "a");

        Assert.False(_keys.Contains("1", "a"));
        Assert.Empty(_keys.In("0"));
        Assert.Empty(_keys.In("1"));
    }

    [Fact]
    public void In_ShouldGiveTheKeysOfAPartition_WhenThereAreOthers()
    {
        _keys.Increment("1", "a");
        _keys.Increment("1", "a");
        _keys.Increment("2", "b");

        Assert.Equal([KeyValuePair.Create("a", 2)], _keys.In("1"));
        Assert.Equal([KeyValuePair.Create("b", 1)], _keys.In("2"));
    }

    [Fact]
    public void Replace_ShouldForgetWhatIsGoneAndLeaveOtherPartitionsAlone_WhenAPartitionIsCountedAnew()
    {
        _keys.Increment("1", "a");
        _keys.Increment("2", "b");

        _keys.Replace("1", new Dictionary<string, int> { ["c"] = 3 });

        Assert.Equal([KeyValuePair.Create("c", 3)], _keys.In("1"));
        Assert.False(_keys.Contains("1", "a"));
        Assert.True(_keys.Contains("2", "b"));
        Assert.True(_keys.Contains("1", "c"));
    }

    [Fact]
    public void Set_ShouldHoldUpOrFreeTheKey_WhenItWasCounted()
    {
        _keys.Set("1", "a", 2);
        Assert.Equal([KeyValuePair.Create("a", 2)], _keys.In("1"));

        _keys.Set("1", "a", 0);

        Assert.False(_keys.Contains("1", "a"));
        Assert.Empty(_keys.In("1"));
    }

    [Fact]
    public void Contains_ShouldTellPartitionsApart_WhenTheyHaveTheSameKey()
    {
        _keys.Increment("orders", "a");

        Assert.True(_keys.Contains("orders", "a"));
        Assert.False(_keys.Contains("refunds", "a"));
    }
}
