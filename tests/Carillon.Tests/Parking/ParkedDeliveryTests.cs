using Carillon.Parking;

namespace Carillon.Tests.Parking;

public sealed class ParkedDeliveryTests
{
    [Fact]
    public void Settling_ShouldTellWhoFedIt_WhenItIsFinishedOrReturned()
    {
        var settled = new List<ParkedDelivery>();
        var parked = new ParkedMessage
        {
            Subscription = "shop",
            Envelope = new Envelope { Key = "a" },
            Partition = "3",
            Position = 7,
            State = ParkedState.Scheduled,
            ParkedAt = DateTimeOffset.UnixEpoch,
        };
        var delivery = new ParkedDelivery(parked, new ParkedRun(), settled.Add);

        delivery.Return();
        delivery.Acknowledge();

        Assert.Equal([delivery, delivery], settled);
        Assert.Equal(("a", "3", 7L), (delivery.Envelope.Key, delivery.Partition, delivery.Position!.Value));
        Assert.Same(parked, delivery.Parked);
    }
}
