using Carillon.Transports;

namespace Carillon.Tests.Contracts;

public sealed class KeySharesTests
{
    private readonly KeyShares _shares = new();
    private long _position;

    [Fact]
    public void TryTake_ShouldLeaveAsMuchAsItTakes_WhenOneKeyIsHot()
    {
        Assert.Equal(50, Fill("hot", 200, new DeliveryRoom(100, 1_000_000)));
        Assert.Equal(150, _shares.Left);
        Assert.True(Take("cold", new DeliveryRoom(50, 1_000_000)));
    }

    [Fact]
    public void TryTake_ShouldCountBytes_WhenMessagesAreLarge() =>
        Assert.Equal(5, Fill("hot", 20, new DeliveryRoom(1_000, 1_000), bytes: 100));

    [Fact]
    public void TryTake_ShouldLeaveWhatFollows_WhenSomeOfTheKeyIsLeft()
    {
        Fill("hot", 100, new DeliveryRoom(100, 1_000_000));

        Assert.False(Take("hot", DeliveryRoom.Unlimited));
    }

    [Fact]
    public void TryTake_ShouldTakeAll_WhenMessagesHaveNoKey() =>
        Assert.Equal(100, Fill(null, 100, new DeliveryRoom(100, 1_000_000)));

    [Fact]
    public void TakeNext_ShouldGiveWhatWasLeftInOrder_WhenLessIsInHand()
    {
        Fill("hot", 60, new DeliveryRoom(20, 1_000_000));
        for (var finished = 0; finished < 4; finished++)
            Assert.False(Finish("hot"));
        Assert.False(_shares.HasNext);

        Assert.True(Finish("hot"));
        var next = TakeNext(100, new DeliveryRoom(15, 1_000_000));

        Assert.Equal([11, 12, 13, 14, 15], next);
        Assert.False(_shares.HasNext);
        Assert.Equal(45, _shares.Left);
    }

    [Fact]
    public void TakeNext_ShouldGiveOne_WhenNothingIsInHandAndLittleRoomIsLeft()
    {
        Fill("hot", 10, new DeliveryRoom(2, 1_000_000));
        Finish("hot");

        Assert.Equal([2], TakeNext(100, new DeliveryRoom(1, 1_000_000)));
        Assert.True(Finish("hot"));
    }

    [Fact]
    public void TakeNext_ShouldCountBytes_WhenWhatWasLeftIsLarge()
    {
        Fill("hot", 10, new DeliveryRoom(2, 1_000_000), bytes: 300);
        Finish("hot", bytes: 300);

        Assert.Equal([2, 3], TakeNext(100, new DeliveryRoom(1_000, 1_000)));
    }

    [Fact]
    public void TakeNext_ShouldShareTheRoom_WhenSeveralKeysGoOn()
    {
        foreach (var key in (string[])["a", "b"])
        {
            Fill(key, 20, new DeliveryRoom(2, 1_000_000));
            Finish(key);
        }

        var next = TakeNext(100, new DeliveryRoom(16, 1_000_000));

        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 22, 23, 24, 25], next);
    }

    [Fact]
    public void Left_ShouldReachItsEnd_WhenOneKeyGoesOnForEver()
    {
        for (var message = 0; message <= KeyShares.LeftMax; message++)
            Take("hot", new DeliveryRoom(1, 1));

        Assert.True(_shares.IsFull);
        Assert.Equal(KeyShares.LeftMax, _shares.All().Count());
    }

    private int Fill(string? key, int count, DeliveryRoom room, long bytes = 1)
    {
        var taken = 0;
        for (var message = 0; message < count; message++)
        {
            if (!Take(key, room, bytes))
                continue;
            room = room.After(bytes);
            taken++;
        }

        return taken;
    }

    private IEnumerable<long> TakeNext(int most, DeliveryRoom room)
    {
        var taken = new List<LeftMessage>();
        _shares.TakeNext(most, ref room, taken);
        return taken.Select(static left => left.Message.Position);
    }

    private bool Finish(string key, long bytes = 1) => _shares.Finish(new KeyedPosition(0, key, bytes));

    private bool Take(string? key, DeliveryRoom room, long bytes = 1) => _shares.TryTake(new KeyedPosition(++_position, key, bytes), 0, room);
}
