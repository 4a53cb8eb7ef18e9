using Carillon.Publishing;

namespace Carillon.Tests.Publishing;

public sealed class PublishItemPoolTests
{
    [Fact]
    public void Rent_ShouldGiveUsedItemsAgain_WhenThePoolHasSome()
    {
        var pool = new PublishItemPool(2);
        PublishItem[] items = [pool.Rent(), pool.Rent(), pool.Rent()];
        foreach (var item in items)
            pool.Return(item);

        PublishItem[] again = [pool.Rent(), pool.Rent(), pool.Rent()];

        Assert.Equal([items[1], items[0]], again[..2]);
        Assert.DoesNotContain(again[2], items);
        Assert.All(again, item => Assert.Null(item.Next));
    }

    [Fact]
    public void Return_ShouldKeepTheItem_WhenOthersWereTakenOutBefore()
    {
        var pool = new PublishItemPool(1);
        var item = pool.Rent();

        for (var round = 0; round < 3; round++)
        {
            pool.Return(item);
            Assert.Same(item, pool.Rent());
        }
    }
}
