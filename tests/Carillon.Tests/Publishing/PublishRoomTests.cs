using Carillon.Publishing;

namespace Carillon.Tests.Publishing;

/// <summary>Bounds are exact (G4): what fits to the last byte is taken, and nothing beyond.</summary>
public sealed class PublishRoomTests
{
    private const int Bytes = 64 * 1024;
    private readonly PublishRoom _room = new(new PublisherOptions { BufferMessages = 2, BufferBytes = Bytes });
    private readonly PublishItem _small = Item(body: 100);
    private readonly PublishItem _rest;
    private readonly PublishItem _tooMuch;

    public PublishRoomTests()
    {
        var body = Bytes - (2 * (int)_small.Bytes) + 100;
        (_rest, _tooMuch) = (Item(body), Item(body + 1));
    }

    [Fact]
    public void Has_ShouldBeTrueToTheLastByte_WhenSomethingIsHeld()
    {
        _room.Take(_small);

        Assert.True(_room.Has(_rest));
        Assert.False(_room.Has(_tooMuch));
    }

    [Fact]
    public void Has_ShouldBeTrueAgain_WhenSomethingHasLeft()
    {
        _room.Take(_small);
        _room.Take(_rest);
        Assert.False(_room.Has(_small));

        _room.Leave(1, _rest.Bytes);

        Assert.True(_room.Has(_rest));
        Assert.False(_room.Has(_tooMuch));
    }

    [Fact]
    public void RefuseUnlessEnough_ShouldCountAllBytesOfABatch_WhenItHasSeveralMessages()
    {
        _room.RefuseUnlessEnough([_small, _rest], areOthersWaiting: false);

        var error = Assert.Throws<PublisherOverloadedException>(() => _room.RefuseUnlessEnough([_small, _tooMuch], areOthersWaiting: false));
        Assert.Contains($"no room for 2 more with {_small.Bytes + _tooMuch.Bytes} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefuseUnlessEnough_ShouldCountWhatIsHeld_WhenABatchComes()
    {
        _room.Take(_small);

        Assert.Throws<PublisherOverloadedException>(() => _room.RefuseUnlessEnough([_small, _small], areOthersWaiting: false));
        _room.Leave(1, _small.Bytes);
        _room.RefuseUnlessEnough([_small, _small], areOthersWaiting: false);
        Assert.Throws<PublisherOverloadedException>(() => _room.RefuseUnlessEnough([_small, _small], areOthersWaiting: true));
    }

    private static PublishItem Item(int body)
    {
        var item = new PublishItem(new PublishItemPool(0));
        item.Fill(PublishBatcherFixture.Envelope("a", body));
        return item;
    }
}
