using Carillon.Parking;

namespace Carillon.Tests.Parking;

/// <summary>A parked message is in hand from its claim until its store knows that it is finished, or until it is given up.</summary>
public sealed class ParkedDeliveryTests
{
    private readonly List<ParkedDelivery> _ended = [];
    private readonly ParkedRun _run;

    public ParkedDeliveryTests() => _run = new ParkedRun(_ended.Add);

    [Fact]
    public void Return_ShouldEnd_WhenNothingWasFinished()
    {
        var delivery = Delivery();

        delivery.Return();

        Assert.Equal([delivery], _ended);
        Assert.Equal(("a", "3", 7L), (delivery.Envelope.Key, delivery.Partition, delivery.Position!.Value));
    }

    [Fact]
    public void Acknowledge_ShouldEnd_WhenItWasSetAside()
    {
        var delivery = Delivery();

        delivery.Acknowledge();

        Assert.Equal([delivery], _ended);
    }

    [Fact]
    public void Acknowledge_ShouldNotEnd_WhenItIsFinishedAndNotWrittenDown()
    {
        var (first, second) = (Delivery(), Delivery());
        SubscriptionParking.Complete(first);
        first.Acknowledge();
        SubscriptionParking.Complete(second);
        second.Acknowledge();

        Assert.Empty(_ended);
        Assert.Equal([first.Parked, second.Parked], _run.Finished);
        _run.Clear(areWritten: true);

        Assert.Equal([first, second], _ended);
        Assert.False(_run.HasFinished);
    }

    private ParkedDelivery Delivery()
    {
        var parked = new ParkedMessage
        {
            Subscription = "shop",
            Envelope = new Envelope { Key = "a" },
            Partition = "3",
            Position = 7,
            State = ParkedState.Scheduled,
            ParkedAt = DateTimeOffset.UnixEpoch,
        };
        return new ParkedDelivery(parked, _run);
    }
}
