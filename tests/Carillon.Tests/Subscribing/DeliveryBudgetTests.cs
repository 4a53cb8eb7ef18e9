using Carillon.Subscribing;

namespace Carillon.Tests.Subscribing;

/// <summary>How much is let in, and that what is settled makes room (G4).</summary>
public sealed class DeliveryBudgetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Room_ShouldBeWhatIsLeftOfTheCount_WhenMessagesAreSmall()
    {
        var budget = new DeliveryBudget(maxCount: 3, maxBytes: 1 << 20);

        budget.Take(10);
        Assert.Equal((1, 2), (budget.Count, budget.Room()));
        budget.Take(10);
        budget.Take(10);
        Assert.Equal((3, 0), (budget.Count, budget.Room()));
        budget.Give(10);

        Assert.Equal((2, 1), (budget.Count, budget.Room()));
    }

    [Fact]
    public void Room_ShouldBeNone_WhenHeadersAloneUseUpTheBytes()
    {
        var budget = new DeliveryBudget(maxCount: 1_000, maxBytes: 10_000);
        var message = new Envelope { Headers = new Dictionary<string, string> { ["large"] = new string('x', 5_000) } };

        budget.Take(message);
        Assert.Equal(0, budget.Room());
        budget.Give(message);

        Assert.InRange(budget.Room(), 1, 20);
    }

    [Fact]
    public void Room_ShouldBeNone_WhenTheBytesAreUsedUpToTheLast()
    {
        var budget = new DeliveryBudget(maxCount: 1_000, maxBytes: 10_000);

        budget.Take(9_999);
        Assert.InRange(budget.Room(), 1, 1);
        budget.Take(1);
        Assert.Equal(0, budget.Room());
        budget.Give(1);

        Assert.InRange(budget.Room(), 1, 1);
    }

    [Fact]
    public void Room_ShouldCountOnMessagesOfTheUsualSize_WhenBytesAreWhatIsShort()
    {
        var budget = new DeliveryBudget(maxCount: 1_000, maxBytes: 51_200);
        Assert.Equal(100, budget.Room());

        for (var messages = 0; messages < 1_000; messages++)
        {
            budget.Take(5_120);
            budget.Give(5_120);
        }

        Assert.InRange(budget.Room(), 10, 11);
        for (var messages = 0; messages < 1_000; messages++)
        {
            budget.Take(0);
            budget.Give(0);
        }

        Assert.Equal(100, budget.Room());
    }

    [Fact]
    public void Room_ShouldNeverBeMoreThanTheCount_WhenThereAreBytesForMore() =>
        Assert.Equal(5, new DeliveryBudget(maxCount: 5, maxBytes: 1 << 30).Room());

    [Theory]
    [InlineData(1, 1 << 20)]
    [InlineData(100, 1)]
    public async Task WaitForRoomAsync_ShouldCompleteWhenOneIsGivenBack_WhenThereIsNoRoom(int maxCount, int maxBytes)
    {
        var budget = new DeliveryBudget(maxCount, maxBytes);
        budget.Take(1);

        var waiting = budget.WaitForRoomAsync(Cancellation);
        Assert.False(waiting.IsCompleted);
        budget.Give(1);

        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task WaitForRoomAsync_ShouldEnd_WhenItIsCancelled()
    {
        var budget = new DeliveryBudget(maxCount: 1, maxBytes: 1 << 20);
        budget.Take(1);
        using var giving = new CancellationTokenSource();

        var waiting = budget.WaitForRoomAsync(giving.Token).AsTask();
        await giving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Settle_ShouldTellTheTransportOnceAndGiveTheRoomBack_WhenADeliveryIsDone(bool isFinished)
    {
        var budget = new DeliveryBudget(maxCount: 10, maxBytes: 100);
        var delivery = new TestDelivery("a", bytes: 100);
        budget.Take(100);

        budget.Settle(delivery, isFinished);

        Assert.Equal(isFinished ? (1, 0) : (0, 1), (delivery.Acknowledged, delivery.Returned));
        Assert.Equal((0, 1), (budget.Count, budget.Room()));
    }
}
