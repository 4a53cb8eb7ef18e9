using Carillon.Parking;

namespace Carillon.Tests.Parking;

public sealed class HeldUpKeysTests
{
    private readonly HeldUpKeys _keys = new();

    public HeldUpKeysTests()
    {
        _keys.Open("1");
        _keys.Open("2");
    }

    [Fact]
    public void Contains_ShouldFollowTheStore_WhenItAnswers()
    {
        _keys.Follow("1", Answer("a", true));
        Assert.True(_keys.Contains("1", "a"));
        Assert.False(_keys.Contains("2", "a"));
        Assert.Equal(1, _keys.Count);

        _keys.Follow("2", Answer("a", false));
        Assert.True(_keys.Contains("1", "a"));
        _keys.Follow("1", Answer("a", false));

        Assert.False(_keys.Contains("1", "a"));
        Assert.Equal(0, _keys.Count);
    }

    [Fact]
    public void Follow_ShouldNotFreeTheKey_WhenTheAnswerIsOlderThanAReplay()
    {
        _keys.Add("1", "a", replay: 7);
        _keys.Add("1", "a", replay: 6);

        _keys.Follow("1", Answer("a", false, replays: 6));
        Assert.True(_keys.Contains("1", "a"));
        _keys.Follow("1", Answer("a", true, replays: 7));
        Assert.True(_keys.Contains("1", "a"));
        _keys.Follow("1", Answer("a", false, replays: 7));

        Assert.False(_keys.Contains("1", "a"));
    }

    [Fact]
    public void Add_ShouldDoNothing_WhenThePartitionIsNotOpen()
    {
        _keys.Add("3", "a");
        _keys.Follow("3", Answer("b", true));
        _keys.Open("3");

        Assert.False(_keys.Contains("3", "a"));
        Assert.False(_keys.Contains("3", "b"));
    }

    [Fact]
    public void Close_ShouldForgetThePartitionAndNoOther_WhenItIsTakenAway()
    {
        _keys.Add("1", "a");
        _keys.Add("2", "b");

        _keys.Close("1");
        _keys.Close("9");

        Assert.False(_keys.Contains("1", "a"));
        Assert.True(_keys.Contains("2", "b"));
        Assert.Equal(1, _keys.Count);
    }

    private static ParkingAnswer Answer(string key, bool isHeldUp, long replays = 0) => new(new Dictionary<string, bool> { [key] = isHeldUp }, replays);
}
